package dev.tallyspan.api;

import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_PROVIDER_NAME;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_REQUEST_MODEL;

import dev.tallyspan.semconv.GenAiSpanType;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.span.Slot;
import org.jspecify.annotations.Nullable;

/** The request of a call for embeddings. See {@link GenAi#embeddings}. */
public final class EmbeddingsBuilder extends OperationBuilder<EmbeddingsBuilder, EmbeddingsCall> {

  EmbeddingsBuilder(Tracing tracing, @Nullable String provider, @Nullable String model) {
    super(tracing);
    set(GEN_AI_PROVIDER_NAME, provider);
    set(GEN_AI_REQUEST_MODEL, model);
  }

  /**
   * Sets the number of dimensions.
   *
   * @param count of each embedding, as requested; a fraction is cut off
   * @return this
   */
  public EmbeddingsBuilder dimensions(@Nullable Number count) {
    return set(Slot.EMBEDDING_DIMENSIONS, whole(count));
  }

  /**
   * Sets the encodings of the embeddings that are asked for: {@code float}, {@code base64}.
   *
   * @param formats in place of those set before; null elements are left out
   * @return this
   */
  public EmbeddingsBuilder encodingFormats(@Nullable String @Nullable ... formats) {
    return set(Slot.ENCODING_FORMATS, texts(formats));
  }

  @Override
  GenAiSpanType type() {
    return GenAiSpanType.EMBEDDINGS;
  }

  @Override
  String operationName() {
    return Operations.EMBEDDINGS;
  }

  @Override
  EmbeddingsCall create(Started started) {
    return new EmbeddingsCall(started);
  }
}
