package dev.tallyspan.collector.output.ledger;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Calls, tokens and cost, summed by properties of the calls.
 *
 * @param by names of {@link #dimensions}; empty for one sum
 * @param limit the number of rows, those with the highest cost; 0 = no limit
 */
public record SpendReport(List<String> by, Period period, int limit) {

  private static final Map<String, String> DIMENSIONS = named();

  public SpendReport {
    by = List.copyOf(by);
    for (String name : by) {
      if (!DIMENSIONS.containsKey(name)) {
        throw new IllegalArgumentException(
            name + ": must be one of " + String.join(", ", DIMENSIONS.keySet()));
      }
    }
    if (limit < 0) {
      throw new IllegalArgumentException("limit=" + limit + ": must not be negative");
    }
  }

  private static Map<String, String> named() {
    Map<String, String> dimensions = new LinkedHashMap<>();
    for (String column :
        List.of("model", "response_model", "provider", "service", "operation", "agent", "tenant")) {
      dimensions.put(column, column);
    }
    dimensions.put("user", "user_id");
    dimensions.put("session", "session_id");
    dimensions.put("conversation", "conversation_id");
    dimensions.put("trace", "trace_id");
    dimensions.put("tag", "unnest(CASE WHEN len(tags) > 0 THEN tags ELSE [NULL] END)");
    for (String column : List.of("price", "catalog", "status", "error")) {
      dimensions.put(column, column);
    }
    dimensions.put("hour", "strftime(time, '%Y-%m-%dT%H:00Z')");
    dimensions.put("day", "strftime(time, '%Y-%m-%d')");
    dimensions.put("month", "strftime(time, '%Y-%m')");
    return dimensions;
  }

  /** The names by which calls can be summed. */
  public static Set<String> dimensions() {
    return DIMENSIONS.keySet();
  }

  /** Returns what is a dimension in SQL. */
  static String column(String dimension) {
    return requireNonNull(DIMENSIONS.get(dimension), dimension);
  }

  /** Passes the sums on, the highest cost first, one row for each currency. */
  public void run(Ledger ledger, Rows rows) throws IOException {
    ledger.query(sql(), List.of(), rows);
  }

  /** Returns the same sums over everything. */
  public SpendReport total() {
    return new SpendReport(List.of(), period, 0);
  }

  private String sql() {
    List<String> chosen = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (String name : by) {
      chosen.add(DIMENSIONS.get(name) + " AS \"by_" + name + "\"");
      names.add("\"by_" + name + "\"");
    }
    String dimensions = names.isEmpty() ? "" : String.join(", ", names) + ", ";
    StringBuilder shown = new StringBuilder();
    for (String name : by) {
      shown.append("\"by_").append(name).append("\" AS \"").append(name).append("\", ");
    }
    // A call without a price has no currency; if all others have the same, it belongs to them. That
    // is decided over the sums, which are few.
    return "WITH sums AS (SELECT "
        + (chosen.isEmpty() ? "" : String.join(", ", chosen) + ", ")
        + "currency AS own, count(*) AS calls, sum(input_tokens) AS input_tokens,"
        + " sum(cache_read_tokens) AS cache_read_tokens,"
        + " sum(cache_write_tokens) AS cache_write_tokens, sum(output_tokens) AS output_tokens,"
        + " sum(reasoning_tokens) AS reasoning_tokens, sum(cost) AS cost,"
        + " count(*) FILTER (status = 'unpriced') AS unpriced,"
        + " count(*) FILTER (status = 'partial') AS partial, count(error) AS errors"
        + " FROM calls WHERE "
        + period.where()
        + " GROUP BY ALL), only_one AS (SELECT CASE WHEN count(DISTINCT own) = 1 THEN min(own) END"
        + " AS code FROM sums) SELECT "
        + shown
        + total("calls")
        + total("input_tokens")
        + total("cache_read_tokens")
        + total("cache_write_tokens")
        + total("output_tokens")
        + total("reasoning_tokens")
        + "sum(cost) AS cost, coalesce(own, code) AS currency, "
        + total("unpriced")
        + total("partial")
        + "CAST(sum(errors) AS BIGINT) AS errors FROM sums, only_one GROUP BY "
        + dimensions
        + "coalesce(own, code) ORDER BY sum(cost) DESC NULLS LAST, sum(calls) DESC"
        + (names.isEmpty() ? "" : ", " + String.join(", ", names))
        + (limit == 0 ? "" : " LIMIT " + limit);
  }

  private static String total(String column) {
    return "CAST(sum(" + column + ") AS BIGINT) AS " + column + ", ";
  }
}
