package dev.tallyspan.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import dev.tallyspan.bridges.testkit.FakeProvider;
import dev.tallyspan.bridges.testkit.OpenAiPayloads;
import dev.tallyspan.bridges.testkit.Traces;
import io.opentelemetry.instrumentation.openai.v1_1.OpenAITelemetry;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client that OpenTelemetry's own instrumentation has wrapped. */
class OtherInstrumentationTest {

  private final Traces traces = new Traces();
  private final FakeProvider provider = new FakeProvider();
  private final OpenAIClient plain =
      OpenAIOkHttpClient.builder().baseUrl(provider.baseUrl()).apiKey("none").build();
  private final OpenAITelemetry instrumentation =
      OpenAITelemetry.builder(traces.openTelemetry()).build();
  private final OpenAIClient client =
      TallyspanOpenAi.wrap(traces.genAi(), instrumentation.wrap(plain));

  @AfterEach
  void close() {
    plain.close();
    provider.close();
    traces.close();
  }

  private SpanData only() {
    assertThat(traces.exported()).hasSize(1);
    return traces.exported().get(0);
  }

  private static ChatCompletionCreateParams chat() {
    return ChatCompletionCreateParams.builder()
        .model("gpt-4o-mini")
        .addUserMessage("Weather?")
        .build();
  }

  @Test
  void chatsHaveItsSpanAlone() {
    provider.answersJson(OpenAiPayloads.CHAT);

    client.chat().completions().create(chat());

    assertThat(only().getInstrumentationScopeInfo().getName()).startsWith("io.opentelemetry");
  }

  @Test
  void asynchronousChatsHaveItsSpanAlone() {
    provider.answersJson(OpenAiPayloads.CHAT);
    OpenAIClientAsync async =
        TallyspanOpenAi.wrap(traces.genAi(), instrumentation.wrap(plain.async()));

    async.chat().completions().create(chat()).orTimeout(60, TimeUnit.SECONDS).join();

    org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> !traces.exported().isEmpty());
    assertThat(only().getInstrumentationScopeInfo().getName()).startsWith("io.opentelemetry");
  }

  @Test
  void embeddingsHaveItsSpanAlone() {
    provider.answersJson(OpenAiPayloads.EMBEDDINGS);

    client
        .embeddings()
        .create(
            EmbeddingCreateParams.builder().model("text-embedding-3-small").input("Hi").build());

    assertThat(only().getInstrumentationScopeInfo().getName()).startsWith("io.opentelemetry");
  }

  @Test
  void responsesWhichItDoesNotKnowHaveOurs() {
    provider.answersJson(OpenAiPayloads.RESPONSE);

    client.responses().create(ResponseCreateParams.builder().model("gpt-5").input("Hi").build());

    assertThat(only().getInstrumentationScopeInfo().getName()).startsWith("dev.tallyspan");
  }
}
