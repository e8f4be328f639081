package dev.tallyspan.googlegenai;

import static dev.tallyspan.bridges.testkit.Traces.count;
import static dev.tallyspan.bridges.testkit.Traces.number;
import static dev.tallyspan.bridges.testkit.Traces.text;
import static dev.tallyspan.bridges.testkit.Traces.texts;
import static dev.tallyspan.googlegenai.TheContent.isTheContent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.genai.Client;
import com.google.genai.errors.ClientException;
import com.google.genai.errors.GenAiIOException;
import com.google.genai.types.ClientOptions;
import com.google.genai.types.Content;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.Part;
import com.google.genai.types.ThinkingConfig;
import com.google.genai.types.Tool;
import dev.tallyspan.api.AgentRun;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.bridges.testkit.FakeProvider;
import dev.tallyspan.bridges.testkit.GeminiPayloads;
import dev.tallyspan.bridges.testkit.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ContentTest {

  private static final String MODEL = "gemini-2.5-flash";

  private final Traces traces = new Traces();
  private final FakeProvider provider = new FakeProvider();
  private final GenAi genAi = traces.genAi();
  private final Client client = Clients.gemini(provider, TallyspanGoogleGenAi.clientOptions(genAi));

  @AfterEach
  void close() {
    client.close();
    provider.close();
    traces.close();
  }

  @Test
  void contentOfTheGeminiApiIsASpan() {
    provider.answersJson(GeminiPayloads.CONTENT);

    GenerateContentResponse response =
        client.models.generateContent(
            MODEL,
            "Weather?",
            GenerateContentConfig.builder()
                .systemInstruction(Content.fromParts(Part.fromText("Be terse.")))
                .temperature(0.5f)
                .topP(0.9f)
                .topK(40f)
                .maxOutputTokens(1024)
                .candidateCount(1)
                .seed(7)
                .presencePenalty(0.25f)
                .frequencyPenalty(0.75f)
                .stopSequences("END")
                .responseMimeType("application/json")
                .thinkingConfig(
                    ThinkingConfig.builder().includeThoughts(true).thinkingLevel("HIGH").build())
                .build());

    assertThat(response.text()).isEqualTo("It is sunny.");
    SpanData span = traces.only();
    isTheContent(span);
    assertThat(text(span, "gen_ai.provider.name")).isEqualTo("gcp.gemini");
    assertThat(text(span, "gen_ai.system_instructions")).contains("Be terse.");
    assertThat(text(span, "gen_ai.input.messages")).contains("\"role\":\"user\"", "Weather?");
    assertThat(number(span, "gen_ai.request.temperature")).isEqualTo(0.5);
    assertThat(number(span, "gen_ai.request.top_p")).isEqualTo(0.9);
    assertThat(count(span, "gen_ai.request.top_k")).isEqualTo(40);
    assertThat(count(span, "gen_ai.request.max_tokens")).isEqualTo(1024);
    assertThat(count(span, "gen_ai.request.seed")).isEqualTo(7);
    assertThat(number(span, "gen_ai.request.presence_penalty")).isEqualTo(0.25);
    assertThat(number(span, "gen_ai.request.frequency_penalty")).isEqualTo(0.75);
    assertThat(texts(span, "gen_ai.request.stop_sequences")).containsExactly("END");
    assertThat(text(span, "gen_ai.request.reasoning.level")).isEqualTo("HIGH");
    assertThat(text(span, "gen_ai.output.type")).isEqualTo("json");
  }

  @Test
  void contentOfVertexAiIsASpan() {
    provider.answersJson(GeminiPayloads.CONTENT);

    try (Client vertex = Clients.vertex(provider, TallyspanGoogleGenAi.clientOptions(genAi))) {
      vertex.models.generateContent(MODEL, "Weather?", null);
    }

    isTheContent(traces.only());
    assertThat(text(traces.only(), "gen_ai.provider.name")).isEqualTo("gcp.vertex_ai");
  }

  @Test
  void asynchronousContentIsAChildOfItsCaller() {
    provider.answersJson(GeminiPayloads.CONTENT);

    try (AgentRun agent = genAi.agent("weather").start()) {
      client
          .async
          .models
          .generateContent(MODEL, "Weather?", null)
          .orTimeout(60, TimeUnit.SECONDS)
          .join();
      assertThat(agent.span().getSpanContext().isValid()).isTrue();
    }

    SpanData span = traces.named("generate_content gemini-2.5-flash");
    isTheContent(span);
    assertThat(span.getParentSpanId()).isEqualTo(traces.named("invoke_agent weather").getSpanId());
  }

  @Test
  void toolsAndImagesAreRecorded() {
    provider.answersJson(GeminiPayloads.FUNCTION_CALL);

    client.models.generateContent(
        MODEL,
        List.of(
            Content.builder()
                .role("user")
                .parts(Part.fromText("Weather?"), Part.fromBytes("img".getBytes(), "image/png"))
                .build(),
            Content.builder()
                .role("model")
                .parts(Part.fromFunctionCall("locate", Map.of("who", "me")))
                .build(),
            Content.builder()
                .role("user")
                .parts(Part.fromFunctionResponse("locate", Map.of("output", "Paris")))
                .build()),
        GenerateContentConfig.builder()
            .tools(
                Tool.builder()
                    .functionDeclarations(
                        FunctionDeclaration.builder()
                            .name("get_weather")
                            .description("The weather of a city")
                            .build())
                    .build())
            .build());

    SpanData span = traces.only();
    assertThat(text(span, "gen_ai.tool.definitions"))
        .contains("\"name\":\"get_weather\"", "The weather of a city");
    assertThat(text(span, "gen_ai.input.messages"))
        .contains("\"type\":\"blob\"", "\"mime_type\":\"image/png\"", "\"content\":\"aW1n\"")
        .contains("\"type\":\"tool_call\"", "\"name\":\"locate\"")
        .contains("\"type\":\"tool_call_response\"", "Paris");
    assertThat(text(span, "gen_ai.output.messages"))
        .contains("\"type\":\"tool_call\"", "\"name\":\"get_weather\"", "\"city\":\"Paris\"");
  }

  @Test
  void eachMessageOfAChatIsASpanWithTheHistory() {
    provider.answersJson(GeminiPayloads.CONTENT);
    provider.streams(GeminiPayloads.stream());

    var chat = client.chats.create(MODEL);
    chat.sendMessage("Weather?");
    for (GenerateContentResponse chunk : chat.sendMessageStream("And tomorrow?")) {
      assertThat(chunk).isNotNull();
    }

    List<SpanData> spans = traces.all();
    assertThat(spans).hasSize(2);
    spans.forEach(TheContent::isTheContent);
    assertThat(text(spans.get(1), "gen_ai.input.messages"))
        .contains("Weather?", "It is sunny.", "And tomorrow?");
  }

  @Test
  void anErrorAfterARetryIsOneFailedSpan() {
    provider.answersError(429, GeminiPayloads.EXHAUSTED);
    provider.answersError(429, GeminiPayloads.EXHAUSTED);

    assertThatThrownBy(() -> client.models.generateContent(MODEL, "Weather?", null))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("Quota exceeded");

    assertThat(provider.requests()).hasSize(2);
    assertThat(text(traces.only(), "error.type")).isEqualTo("RESOURCE_EXHAUSTED");
  }

  @Test
  void aServerThatIsNotThereIsAFailedSpan() throws Exception {
    // A port that is taken, and that nothing listens on. One that is free may be taken meanwhile.
    try (Socket taken = new Socket()) {
      taken.bind(new InetSocketAddress("127.0.0.1", 0));
      String url = "http://127.0.0.1:" + taken.getLocalPort();
      try (Client lost = Clients.gemini(url, TallyspanGoogleGenAi.clientOptions(genAi))) {
        assertThatThrownBy(() -> lost.models.generateContent(MODEL, "Weather?", null))
            .isInstanceOf(GenAiIOException.class);
      }
    }

    assertThat(text(traces.only(), "error.type")).isEqualTo("java.net.ConnectException");
  }

  @Test
  void aPromptThatIsBlockedHasAFinishReason() {
    provider.answersJson(GeminiPayloads.BLOCKED);

    client.models.generateContent(MODEL, "Weather?", null);

    assertThat(texts(traces.only(), "gen_ai.response.finish_reasons")).containsExactly("SAFETY");
    assertThat(count(traces.only(), "gen_ai.usage.input_tokens")).isEqualTo(5);
  }

  @Test
  void thoughtsAreNotCountedTwiceIfTheCandidatesIncludeThem() {
    provider.answersJson(
        """
        {"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP"}],
         "usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":30,"thoughtsTokenCount":20,
           "totalTokenCount":40}}
        """);

    client.models.generateContent(MODEL, "Hello", null);

    assertThat(count(traces.only(), "gen_ai.usage.output_tokens")).isEqualTo(30);
    assertThat(count(traces.only(), "gen_ai.usage.reasoning.output_tokens")).isEqualTo(20);
  }

  @Test
  void theHttpClientOfTheApplicationStaysInUse() {
    AtomicReference<Span> current = new AtomicReference<>();
    AtomicInteger listened = new AtomicInteger();
    OkHttpClient own =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain -> {
                  current.set(Span.current());
                  return chain.proceed(chain.request());
                })
            .eventListener(
                new EventListener() {
                  @Override
                  public void callStart(Call call) {
                    listened.incrementAndGet();
                  }
                })
            .build();
    provider.answersJson(GeminiPayloads.CONTENT);

    ClientOptions options = ClientOptions.builder().customHttpClient(own).build();
    try (Client traced = Clients.gemini(provider, TallyspanGoogleGenAi.wrap(genAi, options))) {
      traced.models.generateContent(MODEL, "Weather?", null);
    }

    isTheContent(traces.only());
    assertThat(listened).hasValue(1);
    assertThat(current.get().getSpanContext().getSpanId()).isEqualTo(traces.only().getSpanId());
  }

  @Test
  void wrappingTwiceWritesOneSpan() {
    provider.answersJson(GeminiPayloads.CONTENT);

    ClientOptions options =
        TallyspanGoogleGenAi.wrap(genAi, TallyspanGoogleGenAi.clientOptions(genAi));
    try (Client traced = Clients.gemini(provider, options)) {
      traced.models.generateContent(MODEL, "Weather?", null);
    }

    isTheContent(traces.only());
  }

  @Test
  void otherRequestsAreNotTraced() {
    provider.answersJson("{\"totalTokens\":3}");

    assertThat(client.models.countTokens(MODEL, "Weather?", null).totalTokens()).hasValue(3);

    assertThat(traces.exported()).isEmpty();
  }

  @Test
  void contentIsOnlyWrittenIfItIsCaptured() {
    provider.answersJson(GeminiPayloads.CONTENT);

    GenAi metadataOnly = GenAi.create(traces.openTelemetry());
    try (Client traced =
        Clients.gemini(provider, TallyspanGoogleGenAi.clientOptions(metadataOnly))) {
      traced.models.generateContent(MODEL, "Weather?", null);
    }

    assertThat(count(traces.only(), "gen_ai.usage.output_tokens")).isEqualTo(112);
    assertThat(traces.only().getAttributes().toString()).doesNotContain("Weather?", "sunny");
  }
}
