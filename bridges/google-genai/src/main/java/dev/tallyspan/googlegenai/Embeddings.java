package dev.tallyspan.googlegenai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tallyspan.api.EmbeddingsCall;
import dev.tallyspan.api.GenAi;
import io.opentelemetry.context.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Records requests for embeddings, in the forms of the Gemini API ({@code batchEmbedContents}) and
 * of Vertex AI ({@code predict}, {@code embedContent}). Responses are read as a stream of tokens:
 * most of each is vectors.
 */
final class Embeddings implements Recorder<EmbeddingsCall> {

  private final GenAi genAi;

  Embeddings(GenAi genAi) {
    this.genAi = genAi;
  }

  @Override
  public @Nullable EmbeddingsCall start(
      Endpoint endpoint, HttpUrl url, byte[] body, Context parent) {
    JsonNode request = Json.of(body);
    // Images and videos are predictions, too.
    if (endpoint.method().equals("predict") && !request.path("instances").path(0).has("content")) {
      return null;
    }
    return genAi
        .embeddings(endpoint.provider(), endpoint.model())
        .parent(parent)
        .server(url.host(), url.port())
        .dimensions(dimensions(request))
        .startDetached();
  }

  private static @Nullable Number dimensions(JsonNode request) {
    Number ofVertex = Json.number(request.path("parameters"), "outputDimensionality");
    if (ofVertex != null) {
      return ofVertex;
    }
    JsonNode one = request.has("requests") ? request.path("requests").path(0) : request;
    Number inConfig = Json.number(one, "embedContentConfig", "outputDimensionality");
    return inConfig == null ? Json.number(one, "outputDimensionality") : inConfig;
  }

  @Override
  public void response(EmbeddingsCall call, byte[] body) {
    long dimensions = 0;
    long tokens = -1;
    try (JsonParser json = Json.factory().createParser(body)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.START_ARRAY && "values".equals(json.currentName())) {
          dimensions = length(json);
        } else if (token.isNumeric() && isCount(json.currentName())) {
          tokens = Math.max(tokens, 0) + json.getNumberValue().longValue();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (dimensions > 0) {
      call.dimensions(dimensions);
    }
    if (tokens >= 0) {
      call.inputTokens(tokens);
    }
  }

  /** Vertex AI counts for each text, or for the request. */
  private static boolean isCount(@Nullable String name) {
    return "token_count".equals(name) || "promptTokenCount".equals(name);
  }

  private static long length(JsonParser json) throws IOException {
    long length = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      length++;
    }
    return length;
  }
}
