package dev.tallyspan.semconv;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * The result of an evaluation: what a person, a model or a rule found about an operation.
 * Immutable.
 *
 * @param id identifies the result, which may be sent again with another value; null if it has none
 * @param name what was evaluated, such as {@code relevance}; empty if the sender does not say
 * @param value the score, a finite number on the evaluator's own scale; null if there is none
 * @param label the result in words, such as {@code pass}; null if there is none
 * @param explanation why; null if it is not known. It is content and may quote prompts
 * @param responseId the provider's id of the response that was evaluated; null if it is not known
 * @param errorType why the evaluation itself failed; null if it did not
 * @param source the dialect that the result is written in: {@code gen_ai}, {@code openinference} or
 *     {@code braintrust}
 * @param epochNanos when the result was recorded, in nanoseconds since the epoch; 0 = not known
 */
public record Evaluation(
    @Nullable String id,
    String name,
    @Nullable Double value,
    @Nullable String label,
    @Nullable String explanation,
    @Nullable String responseId,
    @Nullable String errorType,
    String source,
    long epochNanos) {

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the value is not finite
   */
  public Evaluation {
    requireNonNull(name, "name");
    requireNonNull(source, "source");
    if (value != null && !Double.isFinite(value)) {
      throw new IllegalArgumentException("value=" + value + ": must be finite");
    }
  }

  /**
   * {@return whether another result has the same id, so that one of the two is its earlier state}
   *
   * @param other the other one
   */
  public boolean isStateOf(Evaluation other) {
    return id != null && id.equals(other.id);
  }

  /** Leaves out the explanation, which is content. */
  @Override
  public String toString() {
    return "Evaluation[name=" + name + ", value=" + value + "]";
  }
}
