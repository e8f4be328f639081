package dev.tallyspan.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallyspan.api.GenAi;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The starter in an application with Spring AI: one start, one trace for each scenario. */
class SpringAiIT {

  /** 1000 tokens in and 50 out: Spring AI drops from streams how many came from the cache. */
  private static final String COST_WITHOUT_CACHE = "0.00018";

  /** 400 tokens in, 600 from the cache and 50 out of gpt-4o-mini. */
  private static final String COST = "0.000135";

  private static FakeOpenAi provider;
  private static ConfigurableApplicationContext application;
  private static InMemorySpanExporter exporter;
  private static int requests;

  @BeforeAll
  static void start() throws IOException {
    provider = new FakeOpenAi();
    SpringApplication spring =
        new SpringApplication(Application.class, Application.Outside.class);
    spring.setDefaultProperties(
        Map.ofEntries(
            Map.entry("server.port", "0"),
            // Without it, tools in streams of Spring AI 1 lose their parent.
            Map.entry("spring.reactor.context-propagation", "auto"),
            Map.entry("spring.ai.openai.base-url", provider.baseUrl()),
            Map.entry("spring.ai.openai.api-key", "none"),
            Map.entry("spring.ai.openai.chat.options.model", "gpt-4o-mini"),
            Map.entry("spring.ai.openai.chat.model", "gpt-4o-mini"),
            Map.entry("management.tracing.sampling.probability", "1.0"),
            Map.entry("management.otlp.metrics.export.enabled", "false"),
            Map.entry("management.endpoints.web.exposure.include", "info"),
            Map.entry("otel.traces.exporter", "memory"),
            Map.entry("otel.bsp.schedule.delay", "50"),
            Map.entry("otel.metrics.exporter", "none"),
            Map.entry("otel.logs.exporter", "none"),
            Map.entry("tallyspan.content-policy.mode", "redacted"),
            Map.entry("tallyspan.identity.user", "header:X-User"),
            Map.entry("tallyspan.identity.session", "header:X-Session")));
    application = spring.run();
    Application.onChunk = provider::release;
    exporter = application.getBean(InMemorySpanExporter.class);
  }

  @AfterAll
  static void stop() {
    application.close();
    provider.close();
  }

  @Test
  void chat() throws Exception {
    List<SpanData> spans = request("/chat?text=" + encoded("Write to ada@example.com."), 1);

    SpanData chat = of(spans, "chat").get(0);
    assertThat(text(chat, "tallyspan.cost.total_exact")).isEqualTo(COST);
    assertThat(text(chat, "gen_ai.provider.name")).isEqualTo("openai");
    assertThat(number(chat, "gen_ai.usage.input_tokens")).isEqualTo(1000);
    assertThat(number(chat, "gen_ai.usage.cache_read.input_tokens")).isEqualTo(600);
    assertThat(chat.getAttributes().get(AttributeKey.stringArrayKey("gen_ai.response.finish_reasons")))
        .containsExactly("stop");
    assertThat(text(chat, "gen_ai.input.messages"))
        .contains("You are terse.", "Write to [EMAIL].")
        .doesNotContain("ada@");
    assertThat(text(chat, "gen_ai.output.messages"))
        .contains("It is sunny.", "\"finish_reason\":\"stop\"");
    assertEachHasOneValueAndIdentity(spans);
  }

  @Test
  void toolLoop() throws Exception {
    List<SpanData> spans = request("/tools", 3);

    List<SpanData> chats = of(spans, "chat");
    assertThat(chats).hasSize(2);
    // Spring AI 1 reports the sum of both for the second.
    assertThat(chats)
        .allSatisfy(
            chat -> {
              assertThat(number(chat, "gen_ai.usage.input_tokens")).isEqualTo(1000);
              assertThat(number(chat, "gen_ai.usage.output_tokens")).isEqualTo(50);
              assertThat(text(chat, "tallyspan.cost.status")).isEqualTo("priced");
            });
    assertThat(text(chats.get(0), "gen_ai.tool.definitions")).contains("The weather in a city");
    assertThat(text(chats.get(0), "gen_ai.output.messages"))
        .contains("\"type\":\"tool_call\"", "\"city\":\"Paris\"");
    assertThat(text(chats.get(1), "gen_ai.input.messages"))
        .contains("\"type\":\"tool_call_response\"", "Sunny in Paris");
    SpanData tool = of(spans, "execute_tool").get(0);
    assertThat(text(tool, "gen_ai.tool.name")).isEqualTo("weather");
    assertThat(text(tool, "gen_ai.tool.call.arguments")).isEqualTo("{\"city\":\"Paris\"}");
    assertThat(text(tool, "gen_ai.tool.call.result")).contains("Sunny in Paris");
    assertEachHasOneValueAndIdentity(spans);
  }

  @Test
  void stream() throws Exception {
    List<SpanData> spans = request("/stream", 1);

    SpanData chat = of(spans, "chat").get(0);
    assertStreamed(chat);
    assertThat(text(chat, "gen_ai.output.messages")).contains("It is sunny.");
    assertEachHasOneValueAndIdentity(spans);
  }

  @Test
  void streamedToolLoop() throws Exception {
    List<SpanData> spans = request("/stream-tools", 3);

    List<SpanData> chats = of(spans, "chat");
    assertThat(chats).hasSize(2);
    assertStreamed(chats.get(1));
    assertThat(chats.stream().mapToLong(SpringAiIT::inputTokens).sum()).isLessThanOrEqualTo(2000);
    assertThat(of(spans, "execute_tool")).hasSize(1);
    assertEachHasOneValueAndIdentity(spans);
  }

  @Test
  void retrieval() throws Exception {
    List<SpanData> spans = request("/documents", 3);

    SpanData retrieval = of(spans, "retrieval").get(0);
    assertThat(text(retrieval, "gen_ai.retrieval.query.text")).isEqualTo("When are you open?");
    assertThat(text(retrieval, "gen_ai.retrieval.documents"))
        .contains("\"id\":\"d-1\"", "Open from nine to five.");
    SpanData embeddings = of(spans, "embeddings").get(0);
    assertThat(number(embeddings, "gen_ai.usage.input_tokens")).isEqualTo(8);
    assertThat(text(embeddings, "tallyspan.cost.status")).isEqualTo("priced");
    assertThat(text(of(spans, "chat").get(0), "gen_ai.input.messages"))
        .contains("Open from nine to five.");
    assertEachHasOneValueAndIdentity(spans);
  }

  @Test
  void contentOfOtherInstrumentationLeavesUnderThePolicy() throws Exception {
    List<SpanData> spans = spansAfter("/other?text=" + encoded("ada@example.com"), 1);

    SpanData chat = of(spans, "chat").get(0);
    assertThat(chat.getName()).isEqualTo("answer to [EMAIL]");
    assertThat(text(chat, "gen_ai.prompt.0.content")).isEqualTo("[EMAIL]");
    assertThat(text(chat, "gen_ai.input.messages")).contains("[EMAIL]");
    assertThat(text(chat, "acme.note")).isEqualTo("[EMAIL]");
    assertThat(chat.getEvents().get(0).getAttributes().get(AttributeKey.stringKey("content")))
        .isEqualTo("[EMAIL]");
    assertThat(chat.getStatus().getDescription()).isEqualTo("refused [EMAIL]");
  }

  @Test
  void metersCountCost() throws Exception {
    request("/chat?text=Hi", 1);

    MeterRegistry meters = application.getBean(MeterRegistry.class);
    assertThat(
            meters
                .get("tallyspan.llm.cost")
                .tag("model", "gpt-4o-mini-2024-07-18")
                .tag("currency", "USD")
                .counter()
                .count())
        .isGreaterThanOrEqualTo(0.000134);
    assertThat(meters.get("tallyspan.llm.tokens").tag("kind", "cache_read").counter().count())
        .isGreaterThanOrEqualTo(600);
  }

  @Test
  void infoNamesWhatIsInstalled() throws Exception {
    String info = get("/actuator/info", "00-0000000000000000000000000000abcd-00000000000000ab-01");

    assertThat(info).contains("\"tallyspan\"", "\"builtIn\":true", "\"content\":\"redacted\"");
  }

  @Test
  void tracingApiIsThere() {
    assertThat(application.getBean(GenAi.class)).isNotNull();
  }

  private static void assertStreamed(SpanData chat) {
    assertThat(chat.getAttributes().get(AttributeKey.booleanKey("gen_ai.request.stream"))).isTrue();
    assertThat(
            chat.getAttributes().get(AttributeKey.doubleKey("gen_ai.response.time_to_first_chunk")))
        .isPositive();
    assertThat(text(chat, "tallyspan.cost.total_exact")).isEqualTo(COST_WITHOUT_CACHE);
  }

  /** Also on the spans of the client and its advisors. */
  private static void assertEachHasOneValueAndIdentity(List<SpanData> spans) {
    assertThat(spans)
        .filteredOn(SpringAiIT::isOfSpringAi)
        .isNotEmpty()
        .allSatisfy(
            span -> {
              assertThat(text(span, "user.id")).isEqualTo("ada");
              assertThat(text(span, "session.id")).isEqualTo("s-1");
              assertThat(text(span, "gen_ai.conversation.id")).isEqualTo("c-1");
            });
    assertThat(spans)
        .allSatisfy(
            span ->
                assertThat(span.getAttributes().asMap().keySet())
                    .extracting(AttributeKey::getKey)
                    .doesNotHaveDuplicates());
  }

  private static boolean isOfSpringAi(SpanData span) {
    return text(span, "gen_ai.operation.name") != null || text(span, "spring.ai.kind") != null;
  }

  /** Makes a request in a trace of its own and waits for this many spans of LLM operations. */
  private static List<SpanData> request(String path, int operations) throws Exception {
    return spansAfter(path, operations, /* ofClient= */ true);
  }

  private static List<SpanData> spansAfter(String path, int operations) throws Exception {
    return spansAfter(path, operations, /* ofClient= */ false);
  }

  /** A batch processor may export what ended before in two goes, so the spans come one by one. */
  private static List<SpanData> spansAfter(String path, int operations, boolean ofClient)
      throws Exception {
    String trace = "%032x".formatted(++requests);
    get(path, "00-" + trace + "-00000000000000ab-01");
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              application
                  .getBeanProvider(SdkTracerProvider.class)
                  .ifAvailable(SdkTracerProvider::forceFlush);
              if (ofClient) {
                assertThat(spans(trace)).anyMatch(SpringAiIT::isClient);
              }
              assertThat(spans(trace).stream().filter(SpringAiIT::isOperation))
                  .as(spans(trace).toString())
                  .hasSizeGreaterThanOrEqualTo(operations);
            });
    return spans(trace);
  }

  private static boolean isOperation(SpanData span) {
    String operation = text(span, "gen_ai.operation.name");
    return operation != null && !operation.equals("framework") && !isClient(span);
  }

  /** Waited for beside the operations below it: in a stream, any of them may end last. */
  private static boolean isClient(SpanData span) {
    return "chat_client".equals(text(span, "spring.ai.kind"));
  }

  private static String get(String path, String traceparent) throws Exception {
    String port = application.getEnvironment().getProperty("local.server.port");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("traceparent", traceparent)
            .header("X-User", "ada")
            .header("X-Session", "s-1")
            .timeout(Duration.ofSeconds(60))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  private static List<SpanData> spans(String trace) {
    return exporter.getFinishedSpanItems().stream()
        .filter(span -> span.getTraceId().equals(trace))
        .sorted(Comparator.comparingLong(SpanData::getStartEpochNanos))
        .toList();
  }

  private static List<SpanData> of(List<SpanData> spans, String operation) {
    return spans.stream()
        .filter(span -> operation.equals(text(span, "gen_ai.operation.name")))
        .filter(span -> !isClient(span))
        .toList();
  }

  private static String text(SpanData span, String key) {
    return span.getAttributes().get(AttributeKey.stringKey(key));
  }

  private static long number(SpanData span, String key) {
    assertThat(span.getAttributes().asMap().keySet())
        .filteredOn(each -> each.getKey().equals(key))
        .extracting(AttributeKey::getType)
        .containsExactly(AttributeType.LONG);
    return Objects.requireNonNull(span.getAttributes().get(AttributeKey.longKey(key)));
  }

  private static long inputTokens(SpanData span) {
    Long tokens = span.getAttributes().get(AttributeKey.longKey("gen_ai.usage.input_tokens"));
    return tokens == null ? 0 : tokens;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
