package dev.tallyspan.collector.output.ledger;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the result of a query, row by row. */
@FunctionalInterface
public interface Rows {

  /**
   * A column of a result.
   *
   * @param type in DuckDB: {@code VARCHAR}, {@code BIGINT}, {@code DECIMAL(38,24)}
   */
  record Column(String name, String type) {

    /** Whether values are numbers. */
    public boolean isNumber() {
      return type.startsWith("DECIMAL")
          || type.endsWith("INT")
          || isInexact()
          || type.equals("INTEGER");
    }

    /** Whether values are binary fractions. */
    public boolean isInexact() {
      return type.equals("DOUBLE") || type.equals("FLOAT");
    }
  }

  /** Called once, before any row. Does nothing for those that know the columns they asked for. */
  default void columns(List<Column> columns) throws IOException {}

  /**
   * Called for each row.
   *
   * @param values as DuckDB writes them; null for NULL
   */
  void row(List<@Nullable String> values) throws IOException;
}
