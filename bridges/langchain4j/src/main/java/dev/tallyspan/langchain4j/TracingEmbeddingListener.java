package dev.tallyspan.langchain4j;

import dev.langchain4j.model.embedding.listener.EmbeddingModelErrorContext;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelRequestContext;
import dev.langchain4j.model.embedding.listener.EmbeddingModelResponseContext;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.tallyspan.api.EmbeddingsBuilder;
import dev.tallyspan.api.EmbeddingsCall;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.Guard;
import org.jspecify.annotations.Nullable;

/** Keeps the span in the attributes that LangChain4j passes from the request to its response. */
final class TracingEmbeddingListener implements EmbeddingModelListener {

  /** What LangChain4j calls a model without a name. */
  private static final String UNNAMED = "unknown";

  private final GenAi genAi;
  private final Guard guard;

  TracingEmbeddingListener(GenAi genAi) {
    this.genAi = genAi;
    guard = genAi.guard();
  }

  @Override
  public void onRequest(EmbeddingModelRequestContext context) {
    guard.run(
        () -> {
          EmbeddingRequestParameters parameters = context.embeddingRequest().parameters();
          String model = named(parameters.modelName());
          EmbeddingsBuilder call =
              genAi
                  .embeddings(
                      Providers.name(context.modelProvider()),
                      model == null ? named(context.embeddingModel().modelName()) : model)
                  .dimensions(parameters.dimensions());
          context.attributes().put(this, call.startDetached());
        });
  }

  @Override
  public void onResponse(EmbeddingModelResponseContext context) {
    guard.run(
        () -> {
          if (context.attributes().remove(this) instanceof EmbeddingsCall call) {
            try {
              call.responseModel(named(context.embeddingResponse().metadata().modelName()));
              if (context.response().tokenUsage() != null) {
                call.inputTokens(context.response().tokenUsage().inputTokenCount());
              }
              if (!context.response().content().isEmpty()) {
                call.dimensions(context.response().content().get(0).dimension());
              }
            } finally {
              call.end();
            }
          }
        });
  }

  @Override
  public void onError(EmbeddingModelErrorContext context) {
    guard.run(
        () -> {
          if (context.attributes().remove(this) instanceof EmbeddingsCall call) {
            call.fail(context.error()).close();
          }
        });
  }

  private static @Nullable String named(@Nullable String model) {
    return UNNAMED.equals(model) ? null : model;
  }
}
