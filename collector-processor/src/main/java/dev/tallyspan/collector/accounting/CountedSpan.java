package dev.tallyspan.collector.accounting;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.pipeline.Verdict;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.Locale;

/**
 * A span or log record about an LLM, and how it counts.
 *
 * @param attributes of the item as it was received; valid only during the call that passes this
 *     object
 * @param resource its resource's attributes; valid only during the same call
 */
public record CountedSpan(
    SpanRecord record, Counts counts, AttributeView attributes, AttributeView resource) {

  /** How a span counts. */
  public enum Counts {
    /** A call that is billed here: its tokens and its cost count. */
    BILLED,
    /** An agent, a tool or a sum: it took time, but its tokens and its cost are those of others. */
    NOT_BILLED,
    /** Another span bills the same call. */
    DUPLICATE,
    /** The same span was counted before: it was sent again. */
    REPEATED
  }

  public CountedSpan {
    requireNonNull(record, "record");
    requireNonNull(counts, "counts");
    requireNonNull(attributes, "attributes");
    requireNonNull(resource, "resource");
  }

  public LlmSpan llm() {
    return record.llm();
  }

  /**
   * The rule by which this span is not billed, in lowercase: {@code same_answer}; {@code other} if
   * it is not known which.
   */
  public String rule() {
    if (counts == Counts.REPEATED) {
      return Verdict.Rule.SAME_SPAN.name().toLowerCase(Locale.ROOT);
    }
    Verdict verdict = record.verdict();
    return verdict == null ? "other" : verdict.rule().name().toLowerCase(Locale.ROOT);
  }

  /** Contains only the ids of the span, because what was understood may hold personal data. */
  @Override
  public String toString() {
    return "CountedSpan[" + record + ", " + counts + "]";
  }
}
