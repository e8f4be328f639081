package dev.tallyspan.api;

import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_DATA_SOURCE_ID;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_PROVIDER_NAME;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_REQUEST_MODEL;

import dev.tallyspan.semconv.GenAiSpanType;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.span.Slot;
import org.jspecify.annotations.Nullable;

/** A search for documents. See {@link GenAi#retrieval}. */
public final class RetrievalBuilder extends OperationBuilder<RetrievalBuilder, RetrievalCall> {

  private @Nullable String query;

  RetrievalBuilder(Tracing tracing, @Nullable String dataSource) {
    super(tracing);
    set(GEN_AI_DATA_SOURCE_ID, dataSource);
  }

  /**
   * Sets the text that is searched for.
   *
   * @param text which is content, see {@link ContentCapture.Kind#QUERY}; null for none
   * @return this
   */
  public RetrievalBuilder query(@Nullable String text) {
    query = text;
    return this;
  }

  /**
   * Sets the maximum number of documents.
   *
   * @param documents a number of documents; a fraction is cut off
   * @return this
   */
  public RetrievalBuilder topK(@Nullable Number documents) {
    return set(Slot.RETRIEVAL_TOP_K, whole(documents));
  }

  /**
   * Sets the provider of the search: {@code openai}, {@code aws.bedrock}, …
   *
   * @param name as in {@link GenAi#chat}
   * @return this
   */
  public RetrievalBuilder provider(@Nullable String name) {
    return set(GEN_AI_PROVIDER_NAME, name);
  }

  /**
   * Sets the model that the search uses.
   *
   * @param name as requested; null is ignored
   * @return this
   */
  public RetrievalBuilder model(@Nullable String name) {
    return set(GEN_AI_REQUEST_MODEL, name);
  }

  @Override
  GenAiSpanType type() {
    return GenAiSpanType.RETRIEVAL;
  }

  @Override
  String operationName() {
    return Operations.RETRIEVAL;
  }

  @Override
  RetrievalCall create(Started started) {
    RetrievalCall call = new RetrievalCall(started);
    call.writeQuery(query);
    return call;
  }
}
