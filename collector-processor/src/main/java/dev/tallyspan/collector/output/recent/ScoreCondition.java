package dev.tallyspan.collector.output.recent;

import dev.tallyspan.semconv.Evaluation;
import java.util.function.DoublePredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Conditions about the results of evaluations: {@code score<0.5}, {@code score:relevance<0.5},
 * {@code score:relevance}, {@code label:fail}, {@code label:tone=rude}. Each holds for a trace with
 * at least one such result. Names and labels are compared as a whole, in any case.
 */
final class ScoreCondition {

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]*\\.?[0-9]+");

  private ScoreCondition() {}

  /**
   * A comparison of a score.
   *
   * @param name empty for any
   * @throws IllegalArgumentException if what it is compared with is not a number
   */
  static Predicate<TraceSummary> of(String name, String comparison, String value) {
    DoublePredicate compared =
        compared(
            comparison, value, "score" + (name.isEmpty() ? "" : ":" + name) + comparison + value);
    return trace ->
        has(
            trace,
            score ->
                (name.isEmpty() || score.name().equalsIgnoreCase(name)) && holds(score, compared));
  }

  /** A result of this name. */
  static Predicate<TraceSummary> named(String name) {
    return trace -> has(trace, score -> score.name().equalsIgnoreCase(name));
  }

  /** {@code LABEL}, or {@code NAME=LABEL}. */
  static Predicate<TraceSummary> label(String value) {
    int equals = value.indexOf('=');
    String name = equals < 0 ? "" : value.substring(0, equals);
    String label = value.substring(equals + 1);
    return trace ->
        has(
            trace,
            score ->
                label.equalsIgnoreCase(score.label())
                    && (name.isEmpty() || score.name().equalsIgnoreCase(name)));
  }

  private static boolean has(TraceSummary trace, Predicate<Evaluation> condition) {
    return trace.scores.stream().anyMatch(condition);
  }

  private static boolean holds(Evaluation score, DoublePredicate compared) {
    return score.value() != null && compared.test(score.value());
  }

  private static DoublePredicate compared(String comparison, String value, String term) {
    if (!NUMBER.matcher(value).matches()) {
      throw new IllegalArgumentException(term + ": not a number; use score:relevance<0.5");
    }
    double limit = Double.parseDouble(value);
    return switch (comparison) {
      case ">" -> score -> score > limit;
      case ">=" -> score -> score >= limit;
      case "<" -> score -> score < limit;
      case "<=" -> score -> score <= limit;
      default -> score -> score == limit;
    };
  }
}
