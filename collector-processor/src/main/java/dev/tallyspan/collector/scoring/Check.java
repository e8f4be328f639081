package dev.tallyspan.collector.scoring;

import dev.tallyspan.collector.edit.GoRegex;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.semconv.span.ShownText;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a rule requires of an operation. Immutable. */
public sealed interface Check {

  /**
   * The result of a check.
   *
   * @param explanation why, without anything that a sender wrote
   */
  record Finding(boolean passed, String explanation) {}

  /**
   * Returns the result; null if the span does not say what the check needs to know. What is not
   * known neither passes nor fails.
   *
   * @param failed whether the status of the span is an error
   * @throws RuntimeException if the check cannot be made on this span
   */
  @Nullable Finding of(SpanRecord record, boolean failed);

  /** The operations that the check is for if none are named. */
  default Set<String> operations() {
    return Selection.ANSWERS;
  }

  /**
   * Whether the answer, or the result of a tool, matches an expression.
   *
   * @param regex matches any part of the text
   * @param wanted whether it must match; false = it must not
   */
  record Answer(GoRegex regex, boolean wanted) implements Check {
    @Override
    public @Nullable Finding of(SpanRecord record, boolean failed) {
      String answer = ShownText.output(record.llm());
      if (answer == null) {
        return null;
      }
      boolean matches = regex.matches(answer);
      return new Finding(
          matches == wanted,
          matches
              ? "The answer matches the expression."
              : "The answer does not match the expression.");
    }
  }

  /**
   * Whether the answer, or the result of a tool, is JSON that a schema allows.
   *
   * @param schema what it is checked against
   */
  record Json(AnswerSchema schema) implements Check {
    @Override
    public @Nullable Finding of(SpanRecord record, boolean failed) {
      String answer = ShownText.output(record.llm());
      return answer == null ? null : schema.check(answer);
    }
  }

  /**
   * Whether the operation took no longer than this.
   *
   * @param most the longest time that passes
   */
  record MaxLatency(Duration most) implements Check {
    @Override
    public @Nullable Finding of(SpanRecord record, boolean failed) {
      long nanos = record.endEpochNanos() - record.startEpochNanos();
      if (record.startEpochNanos() <= 0 || nanos < 0) {
        return null;
      }
      return new Finding(
          nanos <= most.toNanos(),
          "It took " + nanos / 1_000_000 + " ms, of at most " + most.toMillis() + " ms.");
    }
  }

  /**
   * Whether the operation cost no more than this.
   *
   * @param most in the currency of the span's cost
   */
  record MaxCost(BigDecimal most) implements Check {
    @Override
    public @Nullable Finding of(SpanRecord record, boolean failed) {
      String total = record.cost().totalExact();
      if (total == null) {
        return null;
      }
      BigDecimal cost = new BigDecimal(total);
      return new Finding(
          cost.compareTo(most) <= 0,
          "It cost "
              + cost.toPlainString()
              + " "
              + record.cost().currency()
              + ", of at most "
              + most.toPlainString()
              + ".");
    }
  }

  /** Whether a tool ran without an error. */
  record NoToolError() implements Check {
    @Override
    public Set<String> operations() {
      return Selection.TOOLS;
    }

    @Override
    public Finding of(SpanRecord record, boolean failed) {
      return failed || record.llm().errorType() != null
          ? new Finding(false, "The tool failed.")
          : new Finding(true, "The tool did not fail.");
    }
  }
}
