package dev.tallyspan.googlegenai;

import static dev.tallyspan.bridges.testkit.Traces.count;
import static dev.tallyspan.bridges.testkit.Traces.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.genai.Client;
import com.google.genai.types.EmbedContentConfig;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.bridges.testkit.FakeProvider;
import dev.tallyspan.bridges.testkit.GeminiPayloads;
import dev.tallyspan.bridges.testkit.Traces;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddingsTest {

  private static final String MODEL = "gemini-embedding-001";

  private final Traces traces = new Traces();
  private final FakeProvider provider = new FakeProvider();
  private final GenAi genAi = traces.genAi();

  @AfterEach
  void close() {
    provider.close();
    traces.close();
  }

  private static void areTheEmbeddings(SpanData span) {
    assertThat(span.getName()).isEqualTo("embeddings gemini-embedding-001");
    assertThat(count(span, "gen_ai.embeddings.dimension.count")).isEqualTo(3);
    assertThat(count(span, "gen_ai.usage.input_tokens")).isEqualTo(7);
    assertThat(text(span, "tallyspan.cost.status")).isEqualTo("priced");
  }

  @Test
  void embeddingsOfTheGeminiApiAreASpan() {
    provider.answersJson(GeminiPayloads.EMBEDDINGS);

    try (Client client = Clients.gemini(provider, TallyspanGoogleGenAi.clientOptions(genAi))) {
      var response = client.models.embedContent(MODEL, List.of("one", "two"), null);
      assertThat(response.embeddings().orElseThrow()).hasSize(2);
    }

    areTheEmbeddings(traces.only());
    assertThat(text(traces.only(), "gen_ai.provider.name")).isEqualTo("gcp.gemini");
  }

  @Test
  void asynchronousEmbeddingsAreASpan() {
    provider.answersJson(GeminiPayloads.EMBEDDINGS);

    try (Client client = Clients.gemini(provider, TallyspanGoogleGenAi.clientOptions(genAi))) {
      client
          .async
          .models
          .embedContent(MODEL, List.of("one", "two"), null)
          .orTimeout(60, TimeUnit.SECONDS)
          .join();
    }

    areTheEmbeddings(traces.only());
  }

  @Test
  void embeddingsOfVertexAiAreASpan() {
    provider.answersJson(GeminiPayloads.VERTEX_EMBEDDINGS);

    try (Client client = Clients.vertex(provider, TallyspanGoogleGenAi.clientOptions(genAi))) {
      client.models.embedContent(MODEL, List.of("one", "two"), null);
    }

    areTheEmbeddings(traces.only());
    assertThat(text(traces.only(), "gen_ai.provider.name")).isEqualTo("gcp.vertex_ai");
  }

  @Test
  void theDimensionsAreThoseThatAreAskedForIfTheCallFails() {
    provider.answersError(400, "{\"error\":{\"code\":400,\"status\":\"INVALID_ARGUMENT\"}}");
    provider.answersError(400, "{\"error\":{\"code\":400,\"status\":\"INVALID_ARGUMENT\"}}");
    EmbedContentConfig config = EmbedContentConfig.builder().outputDimensionality(64).build();

    for (Client client :
        List.of(
            Clients.gemini(provider, TallyspanGoogleGenAi.clientOptions(genAi)),
            Clients.vertex(provider, TallyspanGoogleGenAi.clientOptions(genAi)))) {
      try (client) {
        client.models.embedContent(MODEL, List.of("one", "two"), config);
      } catch (RuntimeException e) {
        assertThat(e).hasMessageContaining("400");
      }
    }

    assertThat(traces.all())
        .hasSize(2)
        .allSatisfy(
            span -> {
              assertThat(count(span, "gen_ai.embeddings.dimension.count")).isEqualTo(64);
              assertThat(text(span, "error.type")).isEqualTo("INVALID_ARGUMENT");
            });
  }

  @Test
  @SuppressWarnings("deprecation") // not yet gone
  void anImageThatIsPredictedIsNoEmbedding() {
    provider.answersJson("{\"predictions\":[]}");

    try (Client client = Clients.vertex(provider, TallyspanGoogleGenAi.clientOptions(genAi))) {
      client.models.generateImages("imagen-4.0-generate-001", "A cat", null);
    }

    assertThat(traces.exported()).isEmpty();
  }
}
