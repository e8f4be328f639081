package dev.tallyspan.collector.output.recent;

import dev.tallyspan.semconv.span.Cost;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Selects traces by conditions: words of the question, the answer or a name; {@code model:gpt-4o
 * user:x}; {@code cost>0.01 duration>2s}; {@code error}; {@code since:1h}. {@link FilterSyntax}
 * says how they are combined.
 */
final class TraceQuery {

  private static final Pattern AMOUNT = Pattern.compile("([0-9]*\\.?[0-9]+)([a-z]*)");

  private static final String FIELDS =
      "model, user, session, feature, service, provider, operation, tool, name, status, score,"
          + " label, trace, since or until";
  private static final Set<String> NUMBERS =
      Collections.unmodifiableSet(
          new LinkedHashSet<>(
              List.of(
                  "cost",
                  "duration",
                  "ttft",
                  "tokens",
                  "in",
                  "out",
                  "cached",
                  "calls",
                  "spans",
                  "errors",
                  "score")));

  private final Predicate<TraceSummary> condition;

  private TraceQuery(Predicate<TraceSummary> condition) {
    this.condition = condition;
  }

  /**
   * @param now what {@code since:1h} refers to
   * @throws IllegalArgumentException if a condition is not known; the message says which are
   */
  static TraceQuery parse(String text, Instant now) {
    return new TraceQuery(
        FilterSyntax.parse(
            text,
            new FilterSyntax.Terms() {
              @Override
              public Predicate<TraceSummary> text(String text, boolean quoted) {
                return quoted ? containing(text) : word(text);
              }

              @Override
              public Predicate<TraceSummary> field(String field, String value) {
                return TraceQuery.field(field, value, now);
              }

              @Override
              public boolean isNumber(String field) {
                return NUMBERS.contains(field);
              }

              @Override
              public Predicate<TraceSummary> number(
                  String field, String name, String comparison, String value) {
                if (field.equals("score")) {
                  return ScoreCondition.of(name, comparison, value);
                }
                if (!name.isEmpty()) {
                  throw new IllegalArgumentException(
                      field + ":" + name + ": " + field + " is one number, without a name");
                }
                return TraceQuery.number(field, comparison, value);
              }
            }));
  }

  boolean matches(TraceSummary trace) {
    return condition.test(trace);
  }

  List<TraceSummary> select(Collection<TraceSummary> traces) {
    List<TraceSummary> selected = new ArrayList<>();
    for (TraceSummary trace : traces) {
      if (condition.test(trace)) {
        selected.add(trace);
      }
    }
    return selected;
  }

  private static Predicate<TraceSummary> word(String word) {
    return switch (word) {
      case "error", "errors" -> trace -> trace.spend.errors > 0;
      case "unpriced" -> trace -> trace.spend.unpriced > 0;
      case "partial" -> trace -> trace.spend.partial > 0;
      case "duplicate", "duplicates" -> trace -> trace.spend.duplicates > 0;
      case "redacted" -> trace -> trace.redacted;
      case "llm" -> trace -> trace.llm;
      default -> containing(word);
    };
  }

  private static Predicate<TraceSummary> containing(String text) {
    return trace ->
        contains(trace.traceId, text)
            || contains(trace.user, text)
            || contains(trace.session, text)
            || any(trace.models, text)
            || any(trace.services, text)
            || trace.spans.stream()
                .anyMatch(
                    span ->
                        contains(span.name(), text)
                            || contains(span.errorType(), text)
                            || span.llm() != null
                                && (contains(span.llm().asked(), text)
                                    || contains(span.llm().answered(), text)));
  }

  private static Predicate<TraceSummary> field(String field, String value, Instant now) {
    return switch (field) {
      case "model" -> trace -> any(trace.models, value);
      case "user" -> trace -> same(trace.user, value);
      case "session" -> trace -> same(trace.session, value);
      case "feature" -> trace -> same(trace.feature, value);
      case "service" -> trace -> any(trace.services, value);
      case "name" -> trace -> trace.spans.stream().anyMatch(it -> contains(it.name(), value));
      case "trace" -> trace -> trace.traceId.startsWith(value);
      case "provider" -> facts(RecentSpan.Facts::provider, value);
      case "operation" -> facts(RecentSpan.Facts::operation, value);
      case "tool" ->
          trace ->
              trace.spans.stream()
                  .map(RecentSpan::llm)
                  .anyMatch(
                      llm ->
                          llm != null
                              && llm.operation().equals("execute_tool")
                              && contains(llm.subject(), value));
      case "status" -> status(value);
      case "score" -> ScoreCondition.named(value);
      case "label" -> ScoreCondition.label(value);
      case "since" -> {
        long from = time(value, now);
        yield trace -> trace.startNanos >= from;
      }
      case "until" -> {
        long to = time(value, now);
        yield trace -> trace.startNanos < to;
      }
      default ->
          throw new IllegalArgumentException(
              "unknown field " + field + ": use " + FIELDS + ", or quotation marks around a text");
    };
  }

  private static Predicate<TraceSummary> facts(
      Function<RecentSpan.Facts, String> fact, String value) {
    return trace ->
        trace.spans.stream()
            .map(RecentSpan::llm)
            .anyMatch(llm -> llm != null && contains(fact.apply(llm), value));
  }

  private static Predicate<TraceSummary> status(String value) {
    for (Cost.Status status : Cost.Status.values()) {
      if (status.wireName().equals(value)) {
        return trace ->
            trace.spans.stream()
                .map(RecentSpan::llm)
                .anyMatch(llm -> llm != null && llm.is(status));
      }
    }
    throw new IllegalArgumentException(
        "status:" + value + " is unknown: use priced, unpriced, partial, duplicate, …");
  }

  private static Predicate<TraceSummary> number(String field, String comparison, String value) {
    ToDoubleFunction<TraceSummary> of =
        switch (field) {
          case "cost" -> trace -> trace.spend.highest();
          case "duration" -> trace -> trace.durationNanos() / 1e9;
          case "ttft" ->
              trace -> trace.firstTokenNanos < 0 ? Double.NaN : trace.firstTokenNanos / 1e9;
          case "tokens" -> trace -> trace.spend.tokens();
          case "in" -> trace -> trace.spend.inputTokens;
          case "out" -> trace -> trace.spend.outputTokens;
          case "cached" -> trace -> trace.spend.cachedTokens;
          case "calls" -> trace -> trace.spend.calls;
          case "spans" -> trace -> trace.spend.spans;
          case "errors" -> trace -> trace.spend.errors;
          default ->
              throw new IllegalArgumentException(
                  "unknown number "
                      + field
                      + ": use "
                      + String.join(", ", NUMBERS)
                      + ", or quotation marks around a text");
        };
    boolean time = field.equals("duration") || field.equals("ttft");
    double limit = amount(field + comparison + value, value, time);
    return switch (comparison) {
      case ">" -> trace -> of.applyAsDouble(trace) > limit;
      case ">=" -> trace -> of.applyAsDouble(trace) >= limit;
      case "<" -> trace -> of.applyAsDouble(trace) < limit;
      default -> trace -> of.applyAsDouble(trace) <= limit;
    };
  }

  private static double amount(String term, String value, boolean time) {
    Matcher amount = AMOUNT.matcher(value.toLowerCase(Locale.ROOT));
    if (amount.matches()) {
      double unit = unit(amount.group(2), time);
      if (unit > 0) {
        return Double.parseDouble(amount.group(1)) * unit;
      }
    }
    throw new IllegalArgumentException(
        term + ": not a number" + (time ? "; use 500ms, 2s or 1m" : "; use 0.01, 1000 or 5k"));
  }

  /** Returns 0 if there is no such unit. */
  private static double unit(String unit, boolean time) {
    if (time) {
      return switch (unit) {
        case "ms" -> 0.001;
        case "", "s" -> 1;
        case "m", "min" -> 60;
        case "h" -> 3600;
        case "d" -> 86_400;
        default -> 0;
      };
    }
    return switch (unit) {
      case "" -> 1;
      case "k" -> 1_000;
      case "m" -> 1_000_000;
      default -> 0;
    };
  }

  /**
   * Returns nanoseconds since the epoch.
   *
   * @param value a time ago, a day, or a time
   * @throws IllegalArgumentException if it is none of these
   */
  static long time(String value, Instant now) {
    Matcher ago = AMOUNT.matcher(value);
    if (ago.matches() && unit(ago.group(2), true) > 0 && !ago.group(2).isEmpty()) {
      double seconds = Double.parseDouble(ago.group(1)) * unit(ago.group(2), true);
      return nanos(now) - (long) (seconds * 1e9);
    }
    try {
      return nanos(
          value.indexOf('T') < 0
              ? LocalDate.parse(value).atStartOfDay(ZoneId.systemDefault()).toInstant()
              : Instant.parse(value));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          value + " is not a time: use 30m, 1h, 7d, 2026-01-31 or 2026-01-31T12:00:00Z", e);
    }
  }

  /** The same, as an instant. */
  static Instant instant(String value, Instant now) {
    long nanos = time(value, now);
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
  }

  static long nanos(Instant time) {
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }

  private static boolean same(String actual, String value) {
    return value.endsWith("*")
        ? actual.startsWith(value.substring(0, value.length() - 1))
        : actual.equals(value);
  }

  private static boolean any(Collection<String> actual, String value) {
    return actual.stream().anyMatch(each -> contains(each, value));
  }

  /** Looks for the first character only where it is, because this runs over every text. */
  private static boolean contains(String actual, String value) {
    if (value.isEmpty()) {
      return true;
    }
    char lower = Character.toLowerCase(value.charAt(0));
    char upper = Character.toUpperCase(value.charAt(0));
    int last = actual.length() - value.length();
    int nextLower = actual.indexOf(lower);
    int nextUpper = actual.indexOf(upper);
    while (nextLower >= 0 || nextUpper >= 0) {
      int at = nextUpper < 0 || nextLower >= 0 && nextLower < nextUpper ? nextLower : nextUpper;
      if (at > last) {
        return false;
      }
      if (actual.regionMatches(/* ignoreCase= */ true, at, value, 0, value.length())) {
        return true;
      }
      nextLower = nextLower == at ? actual.indexOf(lower, at + 1) : nextLower;
      nextUpper = nextUpper == at ? actual.indexOf(upper, at + 1) : nextUpper;
    }
    return false;
  }
}
