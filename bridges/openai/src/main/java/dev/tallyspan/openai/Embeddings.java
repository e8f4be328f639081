package dev.tallyspan.openai;

import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.tallyspan.api.EmbeddingsCall;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.Guard;
import org.jspecify.annotations.Nullable;

/** Records calls of the API for embeddings; not as JSON, of which vectors are much. */
final class Embeddings implements Recorder<EmbeddingsCall> {

  private final GenAi genAi;
  private final Guard guard;
  private final String provider;

  Embeddings(GenAi genAi, String provider) {
    this.genAi = genAi;
    guard = genAi.guard();
    this.provider = provider;
  }

  @Override
  public Guard guard() {
    return guard;
  }

  @Override
  public @Nullable EmbeddingsCall start(@Nullable Object parameters, boolean stream) {
    if (!(parameters instanceof EmbeddingCreateParams request)) {
      return null;
    }
    return genAi
        .embeddings(provider, request.model().asString())
        .dimensions(request.dimensions().orElse(null))
        .encodingFormats(request.encodingFormat().map(it -> it.asString()).orElse(null))
        .startDetached();
  }

  @Override
  public void response(EmbeddingsCall call, Object response) {
    if (response instanceof CreateEmbeddingResponse embeddings) {
      guard.run(() -> call.responseModel(embeddings.model()));
      guard.run(() -> call.inputTokens(embeddings.usage().promptTokens()));
      guard.run(
          () -> {
            if (!embeddings.data().isEmpty()) {
              call.dimensions(embeddings.data().get(0).embedding().size());
            }
          });
    }
  }
}
