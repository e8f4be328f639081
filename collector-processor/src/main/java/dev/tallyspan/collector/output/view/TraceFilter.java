package dev.tallyspan.collector.output.view;

import dev.tallyspan.semconv.span.Cost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Selects traces to print. A trace is selected if it meets every condition; it meets a condition if
 * one of its spans does.
 */
public final class TraceFilter {

  /** Selects all traces. */
  public static final TraceFilter ALL = new TraceFilter(List.of());

  /** Selects traces with at least one span about an LLM. */
  public static final TraceFilter LLM = ALL.and(row -> row.llm().cost() != null);

  private static final Map<String, Function<SpanRow, String>> KEYS = new TreeMap<>();

  static {
    KEYS.put("service", SpanRow::serviceName);
    KEYS.put("name", SpanRow::name);
    KEYS.put("user", SpanRow::user);
    KEYS.put("session", SpanRow::session);
    KEYS.put("provider", row -> row.llm().provider());
    KEYS.put("model", row -> row.llm().model());
    KEYS.put("operation", row -> row.llm().operation());
    KEYS.put("tool", row -> row.llm().toolName());
    KEYS.put("error", row -> row.error() ? row.errorType().isEmpty() ? "-" : row.errorType() : "");
    KEYS.put("status", TraceFilter::status);
  }

  private final List<Predicate<SpanRow>> conditions;

  private TraceFilter(List<Predicate<SpanRow>> conditions) {
    this.conditions = conditions;
  }

  /**
   * Returns a filter with one more condition.
   *
   * @param key {@code service}, {@code name}, {@code user}, {@code session}, {@code provider},
   *     {@code model}, {@code operation}, {@code tool}, {@code error} (the class of the error), or
   *     {@code status} (of the cost)
   * @param pattern the whole value, ignoring case; {@code *} matches any text. A value that is
   *     missing does not match
   * @throws IllegalArgumentException if there is no such key, or the pattern is empty
   */
  public TraceFilter and(String key, String pattern) {
    Function<SpanRow, String> value = KEYS.get(key);
    if (value == null) {
      throw new IllegalArgumentException(key + ": unknown key, use one of " + KEYS.keySet());
    }
    if (pattern.isEmpty()) {
      throw new IllegalArgumentException(key + "=: has no value");
    }
    String[] parts = pattern.split("\\*", -1);
    for (int i = 0; i < parts.length; i++) {
      parts[i] = Pattern.quote(parts[i]);
    }
    Pattern whole =
        Pattern.compile(
            String.join(".*", parts),
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
    return and(
        row -> {
          String text = value.apply(row);
          return !text.isEmpty() && whole.matcher(text).matches();
        });
  }

  private TraceFilter and(Predicate<SpanRow> condition) {
    List<Predicate<SpanRow>> all = new ArrayList<>(conditions);
    all.add(condition);
    return new TraceFilter(List.copyOf(all));
  }

  /** Whether the trace that consists of these spans is selected. */
  boolean selects(List<SpanRow> trace) {
    return conditions.stream().allMatch(condition -> trace.stream().anyMatch(condition));
  }

  private static String status(SpanRow row) {
    Cost cost = row.llm().cost();
    return cost == null ? "" : cost.status().wireName();
  }
}
