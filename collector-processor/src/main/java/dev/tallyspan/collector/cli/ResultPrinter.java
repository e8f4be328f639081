package dev.tallyspan.collector.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tallyspan.collector.output.ledger.Rows;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints the result of a query; {@link #end} must be called after the last row. */
final class ResultPrinter implements Rows {

  /** How a result is printed. */
  enum Format {
    /** Columns for people; values are cut after 60 characters. */
    TABLE,
    /** RFC 4180. */
    CSV,
    /** An array of objects, one a line. */
    JSON
  }

  private static final int MOST_WIDTH = 60;
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cf}]");
  private static final Pattern NEEDS_QUOTES = Pattern.compile("[\",\\r\\n]|^\\s|\\s$");

  private final PrintStream out;
  private final Format format;
  private final List<List<@Nullable String>> table = new ArrayList<>();
  private List<Column> columns = List.of();
  private boolean any;

  ResultPrinter(PrintStream out, Format format) {
    this.out = out;
    this.format = format;
  }

  @Override
  public void columns(List<Column> found) {
    columns = found;
    if (format == Format.CSV && !found.isEmpty()) {
      printCsv(found.stream().map(Column::name).toList());
    }
  }

  @Override
  public void row(List<@Nullable String> values) throws IOException {
    switch (format) {
      case TABLE -> table.add(values);
      case CSV -> printCsv(values);
      case JSON -> {
        out.print(any ? ",\n " : "[");
        out.print(json(values));
      }
    }
    any = true;
  }

  /** Prints what is left. */
  void end() {
    if (format == Format.JSON) {
      out.println(any ? "]" : "[]");
    } else if (format == Format.TABLE && !columns.isEmpty()) {
      printTable();
    }
    out.flush();
  }

  private void printCsv(List<? extends @Nullable String> values) {
    out.print(values.stream().map(ResultPrinter::quoted).collect(Collectors.joining(",")));
    out.print("\r\n");
  }

  private static String quoted(@Nullable String value) {
    if (value == null) {
      return "";
    }
    return NEEDS_QUOTES.matcher(value).find() ? '"' + value.replace("\"", "\"\"") + '"' : value;
  }

  private String json(List<@Nullable String> values) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      for (int i = 0; i < columns.size(); i++) {
        String value = values.get(i);
        json.writeFieldName(columns.get(i).name());
        if (value == null) {
          json.writeNull();
        } else if (columns.get(i).type().equals("BOOLEAN")) {
          json.writeBoolean(value.equals("true"));
        } else if (columns.get(i).isNumber() && isJsonNumber(value)) {
          json.writeNumber(value);
        } else {
          json.writeString(value);
        }
      }
      json.writeEndObject();
    }
    return text.toString();
  }

  /** Infinity and NaN are numbers in DuckDB. */
  private static boolean isJsonNumber(String value) {
    return value.matches("-?[0-9].*") && !value.equals("NaN");
  }

  private void printTable() {
    int[] widths = new int[columns.size()];
    List<List<String>> cells = new ArrayList<>();
    cells.add(columns.stream().map(column -> column.name().toUpperCase(Locale.ROOT)).toList());
    table.forEach(row -> cells.add(row.stream().map(ResultPrinter::cell).toList()));
    for (List<String> row : cells) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : cells) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String pad = " ".repeat(widths[i] - row.get(i).length());
        line.append(i == 0 ? "" : "  ");
        line.append(columns.get(i).isNumber() ? pad + row.get(i) : row.get(i) + pad);
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private static String cell(@Nullable String value) {
    if (value == null) {
      return "-";
    }
    String shown = CONTROL.matcher(value).replaceAll("·");
    return shown.length() <= MOST_WIDTH ? shown : shown.substring(0, MOST_WIDTH - 1) + "…";
  }
}
