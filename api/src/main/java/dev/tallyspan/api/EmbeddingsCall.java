package dev.tallyspan.api;

import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.Slot;
import org.jspecify.annotations.Nullable;

/** A call of a model for embeddings. */
public final class EmbeddingsCall extends Operation<EmbeddingsCall> {

  private @Nullable TokenUsage usage;

  EmbeddingsCall(OperationBuilder.Started started) {
    super(started, started.parent().with(started.span()));
  }

  /**
   * Sets the model that answered, as the response names it.
   *
   * @param model often more exact than the one requested
   * @return this
   */
  public EmbeddingsCall responseModel(@Nullable String model) {
    return record(() -> set(Slot.RESPONSE_MODEL, model));
  }

  /**
   * Sets the number of dimensions that the embeddings have.
   *
   * @param count of each embedding; a fraction is cut off
   * @return this
   */
  public EmbeddingsCall dimensions(@Nullable Number count) {
    return record(() -> set(Slot.EMBEDDING_DIMENSIONS, OperationBuilder.whole(count)));
  }

  /**
   * Sets the number of input tokens.
   *
   * @param count of the whole call, in tokens; a fraction is cut off
   * @return this
   */
  public EmbeddingsCall inputTokens(@Nullable Number count) {
    return count == null ? this : usage(TokenUsage.inclusive().input(count.longValue()));
  }

  /**
   * Sets the token counts.
   *
   * @param counts of the whole call; replace those set before
   * @return this
   */
  public EmbeddingsCall usage(@Nullable TokenUsage counts) {
    return record(
        () -> {
          if (counts != null) {
            usage = counts;
            write(counts);
          }
        });
  }

  /**
   * Sets the token counts.
   *
   * @param counts a builder, which is built at once
   * @return this
   */
  public EmbeddingsCall usage(TokenUsage.@Nullable Builder counts) {
    return counts == null ? this : usage(counts.build());
  }

  /**
   * {@return the cost of the call by what is recorded so far} After the end, it is the cost on the
   * span. Null without {@link GenAi.Builder#costs}, and if the cost cannot be determined.
   */
  public @Nullable Cost cost() {
    return costSoFar();
  }

  @Override
  void measure(Instruments instruments, double seconds) {
    instruments.embeddings(seconds, usage, facts, context());
  }
}
