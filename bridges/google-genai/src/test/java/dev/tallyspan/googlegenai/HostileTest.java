package dev.tallyspan.googlegenai;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.genai.Client;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.HttpOptions;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.bridges.testkit.FakeProvider;
import dev.tallyspan.bridges.testkit.GeminiPayloads;
import dev.tallyspan.bridges.testkit.HostileTelemetry;
import dev.tallyspan.bridges.testkit.Traces;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever fails while recording, the call is made and its answer arrives. */
class HostileTest {

  private static final String MODEL = "gemini-2.5-flash";

  private final FakeProvider provider = new FakeProvider();

  @AfterEach
  void close() {
    provider.close();
    Traces.nothingIsCurrent();
  }

  static Stream<GenAi> hostile() {
    return HostileTelemetry.instances();
  }

  private Client client(GenAi genAi) {
    return Clients.gemini(provider, TallyspanGoogleGenAi.clientOptions(genAi));
  }

  /** Not what the API expects, which is the server's to say. */
  private static GenerateContentConfig config() {
    return GenerateContentConfig.builder()
        .httpOptions(
            HttpOptions.builder()
                .extraBody(
                    Map.of("tools", "none", "generationConfig", 7, "systemInstruction", List.of()))
                .build())
        .build();
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void aCall(GenAi genAi) {
    provider.answersJson(GeminiPayloads.CONTENT);

    try (Client client = client(genAi)) {
      assertThat(client.models.generateContent(MODEL, "Hello", config()).text())
          .isEqualTo("It is sunny.");
    }
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void anAsynchronousCall(GenAi genAi) {
    provider.answersJson(GeminiPayloads.CONTENT);

    try (Client client = client(genAi)) {
      assertThat(
              client
                  .async
                  .models
                  .generateContent(MODEL, "Hello", config())
                  .orTimeout(60, TimeUnit.SECONDS)
                  .join()
                  .text())
          .isEqualTo("It is sunny.");
    }
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void aStream(GenAi genAi) {
    provider.streams(GeminiPayloads.stream());

    try (Client client = client(genAi);
        var stream = client.models.generateContentStream(MODEL, "Hello", config())) {
      assertThat(stream).hasSize(3);
    }
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void embeddings(GenAi genAi) {
    provider.answersJson(GeminiPayloads.EMBEDDINGS);

    try (Client client = client(genAi)) {
      assertThat(client.models.embedContent("gemini-embedding-001", "one", null).embeddings())
          .isPresent();
    }
  }
}
