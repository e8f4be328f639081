package dev.tallyspan.collector.output.ledger;

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
    // A call without a price has no currency; if all others have the same, it belongs to them.
    return "WITH selected AS (SELECT "
        + (chosen.isEmpty() ? "" : String.join(", ", chosen) + ", ")
        + "input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens,"
        + " status, error AS failed, currency AS own, cost FROM calls WHERE "
        + period.where()
        + "), only_one AS (SELECT CASE WHEN count(DISTINCT own) = 1 THEN min(own) END AS code FROM"
        + " selected), billed AS (SELECT selected.*, coalesce(own, code) AS currency FROM selected,"
        + " only_one) SELECT "
        + shown
        + "count(*) AS calls, CAST(sum(input_tokens) AS BIGINT) AS input_tokens,"
        + " CAST(sum(cache_read_tokens) AS BIGINT) AS cache_read_tokens,"
        + " CAST(sum(cache_write_tokens) AS BIGINT) AS cache_write_tokens,"
        + " CAST(sum(output_tokens) AS BIGINT) AS output_tokens,"
        + " CAST(sum(reasoning_tokens) AS BIGINT) AS reasoning_tokens,"
        + " sum(cost) AS cost, currency,"
        + " count(*) FILTER (status = 'unpriced') AS unpriced,"
        + " count(*) FILTER (status = 'partial') AS partial, count(failed) AS errors"
        + " FROM billed GROUP BY "
        + dimensions
        + "currency ORDER BY sum(cost) DESC NULLS LAST, calls DESC"
        + (names.isEmpty() ? "" : ", " + String.join(", ", names))
        + (limit == 0 ? "" : " LIMIT " + limit);
  }
}
