package dev.tallyspan.collector.mcp;

import dev.tallyspan.collector.output.ledger.Ledger;
import dev.tallyspan.collector.output.ledger.LedgerException;
import dev.tallyspan.collector.output.ledger.Period;
import dev.tallyspan.collector.output.ledger.Rows;
import dev.tallyspan.collector.output.ledger.SpendReport;
import dev.tallyspan.collector.output.recent.TraceReports;
import io.modelcontextprotocol.json.McpJsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was spent: by the ledger if the server keeps one and it can be asked, else by the traces.
 */
final class SpendTool {

  private static final String FROM_TRACES =
      "From the traces in the viewer's memory only: what was removed is not in it.";
  private static final String FROM_LEDGER =
      "From the ledger: all billed calls that it keeps. A key has one row for each currency.";

  private static final Set<String> COUNTS =
      Set.of(
          "calls",
          "input_tokens",
          "cache_read_tokens",
          "output_tokens",
          "unpriced",
          "partial",
          "errors");

  private final TraceReports reports;
  private final @Nullable Path data;
  private final McpJsonMapper json;

  SpendTool(TraceReports reports, @Nullable Path data, McpJsonMapper json) {
    this.reports = reports;
    this.data = data;
    this.json = json;
  }

  /**
   * @throws IllegalArgumentException if an argument is not known
   */
  String answer(Arguments arguments) throws IOException {
    String by = arguments.text("by").isEmpty() ? "model" : arguments.text("by");
    String filter = arguments.text("filter");
    String since = arguments.text("since");
    int limit = arguments.number("limit", TraceTools.ROWS);
    if (data == null) {
      return traces(by, filter, since, limit, "");
    }
    if (!filter.isEmpty()) {
      return traces(by, filter, since, limit, " The ledger knows no filter.");
    }
    if (!SpendReport.dimensions().contains(by)) {
      return traces(by, filter, since, limit, " The ledger does not know " + by + ".");
    }
    Period period = new Period(since.isEmpty() ? null : reports.time(since), /* until= */ null);
    try (Ledger ledger = Ledger.running(data)) {
      if (ledger != null) {
        return ledger(ledger, by, period, limit);
      }
    } catch (LedgerException e) {
      return traces(by, filter, since, limit, " The ledger cannot be asked: " + e.getMessage());
    }
    return traces(by, filter, since, limit, " The ledger is not open.");
  }

  private String traces(String by, String filter, String since, int limit, String why) {
    return reports.spend(by, filter, since, limit, FROM_TRACES + why, TraceTools.CHARACTERS);
  }

  private String ledger(Ledger ledger, String by, Period period, int limit) throws IOException {
    // One more, to see whether some are left out.
    List<Map<String, Object>> rows =
        rows(ledger, new SpendReport(List.of(by), period, limit + 1), by);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("source", "ledger");
    answer.put("note", FROM_LEDGER);
    answer.put("by", by);
    answer.put("total", sum(rows(ledger, new SpendReport(List.of(), period, 0), by)));
    boolean more = rows.size() > limit;
    answer.put("rows", more ? rows.subList(0, limit) : rows);
    answer.put("more", more);
    return json.writeValueAsString(answer);
  }

  private static List<Map<String, Object>> rows(Ledger ledger, SpendReport report, String by)
      throws IOException {
    List<Map<String, Object>> all = new ArrayList<>();
    report.run(
        ledger,
        new Rows() {
          private List<Column> columns = List.of();

          @Override
          public void columns(List<Column> named) {
            columns = named;
          }

          @Override
          public void row(List<@Nullable String> values) {
            Map<String, @Nullable String> row = new LinkedHashMap<>();
            for (int i = 0; i < values.size(); i++) {
              row.put(columns.get(i).name(), values.get(i));
            }
            all.add(spend(row, by));
          }
        });
    return all;
  }

  /** Returns one object for the sums in each currency. */
  private static Map<String, Object> sum(List<Map<String, Object>> byCurrency) {
    Map<String, Object> sum = new LinkedHashMap<>();
    List<Object> costs = new ArrayList<>();
    sum.put("cost", costs);
    for (Map<String, Object> each : byCurrency) {
      each.forEach(
          (field, value) -> {
            if (value instanceof Long count) {
              sum.merge(field, count, (one, other) -> (Long) one + (Long) other);
            } else if (value instanceof List<?> amounts) {
              costs.addAll(amounts);
            }
          });
    }
    return sum;
  }

  private static Map<String, Object> spend(Map<String, @Nullable String> row, String by) {
    Map<String, Object> spend = new LinkedHashMap<>();
    if (row.containsKey(by)) {
      String key = row.get(by);
      spend.put("key", key == null ? "" : TraceReports.cut(key));
    }
    String amount = row.get("cost");
    spend.put(
        "cost",
        amount == null
            ? List.of()
            : List.of(Map.of("currency", String.valueOf(row.get("currency")), "amount", amount)));
    row.forEach(
        (column, value) -> {
          if (COUNTS.contains(column) && value != null && !value.equals("0")) {
            spend.put(name(column), Long.parseLong(value));
          }
        });
    return spend;
  }

  /** The names that traces have for the same. */
  private static String name(String column) {
    return switch (column) {
      case "input_tokens" -> "inputTokens";
      case "cache_read_tokens" -> "cachedTokens";
      case "output_tokens" -> "outputTokens";
      default -> column;
    };
  }
}
