package dev.tallyspan.collector.output.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** All calls of a time, one row for each, with all columns but the internal one. */
public record CallExport(Period period) {

  private String sql() {
    return LedgerColumn.ALL.stream()
            .map(LedgerColumn::name)
            .filter(name -> !name.equals("key"))
            .collect(Collectors.joining(", ", "SELECT ", " FROM calls WHERE "))
        + period.where()
        + " ORDER BY time, trace_id, span_id";
  }

  /** Passes the calls on, in the order of their times. */
  public void run(Ledger ledger, Rows rows) throws IOException {
    ledger.query(sql(), List.of(), rows);
  }

  /**
   * Writes the calls to a file.
   *
   * @param file is replaced
   */
  public void toParquet(Ledger ledger, Path file) throws IOException {
    ledger.exportParquet(sql(), file);
  }

  /** The number of calls that have no cost. */
  public long withoutCost(Ledger ledger) throws IOException {
    long[] count = {0};
    ledger.query(
        "SELECT count(*) FROM calls WHERE (cost IS NULL OR currency IS NULL) AND " + period.where(),
        List.of(),
        values -> {
          String value = values.get(0);
          count[0] = value == null ? 0 : Long.parseLong(value);
        });
    return count[0];
  }
}
