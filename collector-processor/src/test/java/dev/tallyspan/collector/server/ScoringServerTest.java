package dev.tallyspan.collector.server;

import static dev.tallyspan.collector.processor.LlmRequests.TRACE;
import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.span;
import static dev.tallyspan.collector.processor.LlmRequests.spans;
import static dev.tallyspan.collector.processor.LlmRequests.traces;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.output.recent.RecentOutput;
import dev.tallyspan.collector.output.recent.RecentTraces;
import dev.tallyspan.collector.output.recent.TraceViews;
import dev.tallyspan.collector.telemetry.OwnMetrics;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scores by rules and by a webhook, and sampling by scores, over real sockets. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ScoringServerTest {

  private static final String RESULT = "gen_ai.evaluation.result";
  private static final String SPAN_ID = "1".repeat(16);

  private static final String RULES =
      """
            rules:
              - {name: no_apology, must_not_match: "(?i)i am sorry"}
              - {name: fast, max_latency: 1s}
              - {name: cheap, max_cost: 0.001}
              - {name: tools, no_tool_error: true}
              - {name: other_model, models: ["claude*"], max_latency: 1ms}
      """;

  private static final String WEBHOOK =
      """
            webhook: {url: "BACKEND/score", timeout: 120s%s}
      """;

  @TempDir private Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<byte[]> traces = new CopyOnWriteArrayList<>();
  private final List<byte[]> logs = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile byte[] answer = new byte[0];
  private volatile int status = 200;
  private volatile boolean slow;

  private final RecentTraces recent = RecentTraces.builder().build();
  private final RecentOutput viewer = RecentOutput.on(Runnable::run, recent, /* policy= */ null);
  private final TraceViews views =
      new TraceViews(recent, viewer::skippedSpans, InstantSource.system());
  private final OwnMetrics metrics = OwnMetrics.create();
  private HttpServer backend;
  private CollectorServer server;

  @BeforeEach
  void startBackend() throws Exception {
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.setExecutor(threads);
    backend.createContext(
        "/",
        exchange -> {
          byte[] request;
          try (InputStream body = exchange.getRequestBody()) {
            request = body.readAllBytes();
          }
          byte[] response = new byte[0];
          int code = 200;
          switch (exchange.getRequestURI().getPath()) {
            case "/v1/traces" -> traces.add(request);
            case "/v1/logs" -> logs.add(request);
            default -> {
              asked.add(new String(request, StandardCharsets.UTF_8));
              awaitRelease();
              response = answer;
              code = status;
            }
          }
          exchange.sendResponseHeaders(code, response.length == 0 ? -1 : response.length);
          try (OutputStream body = exchange.getResponseBody()) {
            body.write(response);
          }
          exchange.close();
        });
    backend.start();
  }

  private void awaitRelease() {
    try {
      if (slow) {
        released.await(150, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stop() {
    released.countDown();
    close();
    metrics.close();
    backend.stop(0);
    threads.shutdownNow();
  }

  private void close() {
    if (server != null) {
      server.close(Duration.ofSeconds(5));
      server = null;
    }
  }

  @ParameterizedTest
  @CsvSource({"direct, false", "memory, false", "memory, '{wait: 50ms, wait_after_root: 50ms}'"})
  void rulesAddEventsThatBackendAndViewerGet(String queue, String window) throws Exception {
    start(queue, "window: " + window, RULES, "");
    Span plain = span("2", "", "GET /").build();

    post("traces", traces(answering("1", "", "I am sorry."), plain.toBuilder()));

    await().until(() -> received().size() == 2);
    Span scored = received().stream().filter(it -> it.getName().startsWith("chat")).findAny().get();
    assertThat(results(scored))
        .containsExactly("no_apology 0.0 fail", "fast 1.0 pass", "cheap 0.0 fail");
    assertThat(scored.getEvents(0).getTimeUnixNano()).isEqualTo(scored.getEndTimeUnixNano());
    assertThat(text(scored.getEvents(0), "gen_ai.evaluation.explanation"))
        .isEqualTo("The answer matches the expression.");
    assertThat(received()).contains(plain);
    await().untilAsserted(() -> assertThat(matched("label:no_apology=fail")).isEqualTo(1));
    assertThat(matched("score:fast<1")).isZero();
    close(); // What counts has counted.
    assertThat(metrics.prometheusText())
        .containsPattern(scores("no_apology", "fail", 1))
        .containsPattern(scores("fast", "pass", 1))
        .containsPattern(scores("tools", "fail", 0));
  }

  @Test
  void requestWithoutSpansThatARuleSelectsKeepsItsBytes() throws Exception {
    start("direct", "window: false", RULES, "");
    byte[] request = traces(span("1", "", "GET /"), span("2", "1", "SELECT"));

    post("traces", request);

    assertThat(traces).containsExactly(request);
  }

  @Test
  void processingTwiceScoresOnce() throws Exception {
    start("direct", "window: false", RULES, "");
    post("traces", traces(answering("1", "", "Yes.")));

    post("traces", traces.get(0));

    assertThat(traces.get(1)).isEqualTo(traces.get(0));
  }

  @Test
  void toolThatFailedFailsAndUnknownFactsGiveNoScore() throws Exception {
    start("direct", "window: false", RULES, "");

    post(
        "traces",
        traces(
            span("1", "", "execute_tool search")
                .addAttributes(attribute("gen_ai.operation.name", "execute_tool"))
                .addAttributes(attribute("gen_ai.tool.name", "search"))
                .addAttributes(attribute("error.type", "timeout")),
            chat("2", "", "gpt-unheard-of")));

    assertThat(results(received().get(0))).containsExactly("tools 0.0 fail");
    // It has no price and no answer.
    assertThat(results(received().get(1))).containsExactly("fast 1.0 pass");
  }

  @Test
  void expressionThatTakesTooLongIsGivenUpAndTheSpanLeaves() throws Exception {
    start(
        "direct",
        "window: false",
        """
              rules:
                - {name: slow, must_match: "^(a|aa)+$"}
                - {name: fast, max_latency: 1s}
        """,
        "");

    post("traces", traces(answering("1", "", "a".repeat(5_000) + "!")));

    assertThat(results(received().get(0))).containsExactly("fast 1.0 pass");
    assertThat(metrics.prometheusText()).containsPattern(scores("slow", "error", 1));
  }

  @Test
  void lowScoreOfARuleKeepsTheTrace() throws Exception {
    start(
        "direct",
        "window: false\n    sampling: {share: 0, keep: {labels: [no_apology=fail]}}",
        RULES,
        "");

    post("traces", traces(answering("1", "", "Yes.")));
    post("traces", traces(answering("2", "", "I am sorry.")));

    assertThat(received()).hasSize(1);
    assertThat(results(received().get(0))).contains("no_apology 0.0 fail");
  }

  @Test
  void logRecordThatComesWhileTheTraceWaitsKeepsIt() throws Exception {
    start(
        "memory",
        "window: {wait: 1s, wait_after_root: 1s}\n"
            + "    sampling: {share: 0, keep: {score_below: 0.5}}",
        """
              rules: [{name: fast, max_latency: 10s}]
        """,
        "");
    // The record comes first, so that no time passes in which the trace could be decided.
    post("logs", evaluation(TRACE, SPAN_ID, 0.2));
    await().until(() -> logs.size() == 1);

    post("traces", traces(span("1", "", "agent"), answering("2", "1", "Yes.")));

    await().until(() -> received().size() == 2);
  }

  @Test
  void annotationOfASpanThatComesWhileTheTraceWaitsKeepsIt() throws Exception {
    start(
        "memory",
        "window: {wait: 1s, wait_after_root: 1s}\n"
            + "    sampling: {share: 0, keep: {score_below: 0.5}}",
        """
              rules: [{name: fast, max_latency: 10s}]
        """,
        "");
    // The record comes first, so that no time passes in which the trace could be decided.
    score(
        "/v1/span_annotations",
        "{\"data\":[{\"span_id\":\"%s\",\"name\":\"tone\",\"result\":{\"score\":0.2}}]}"
            .formatted(SPAN_ID));
    await().until(() -> logs.size() == 1);

    post("traces", traces(span("2", "", "agent"), answering("1", "2", "Yes.")));

    await().until(() -> received().size() == 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "memory"})
  void scoresOverTheApisAreForwardedAndShownOnTheirSpan(String queue) throws Exception {
    start(queue, "window: false", RULES, "");
    post("traces", traces(span("2", "", "agent"), answering("1", "2", "Yes.")));
    await().until(() -> received().size() == 2);

    score(
        "/api/public/scores",
        "{\"traceId\":\"%s\",\"name\":\"goal\",\"value\":\"met\"}".formatted(TRACE));
    score(
        "/v1/span_annotations",
        "{\"data\":[{\"span_id\":\"%s\",\"name\":\"tone\",\"result\":{\"score\":0.2}}]}"
            .formatted(SPAN_ID));

    await().until(() -> logs.size() == 2);
    assertThat(logs)
        .extracting(request -> record(request).getEventName())
        .containsExactly(RESULT, RESULT);
    await()
        .untilAsserted(
            () -> {
              assertThat(matched("label:goal=met")).isEqualTo(1);
              assertThat(matched("score:tone<0.5")).isEqualTo(1);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "memory"})
  void resultsOfTheWebhookLeaveAsLogRecordsAndAreShown(String queue) throws Exception {
    answer =
        results(
            """
            {"trace_id":"TRACE","span_id":"SPAN","name":"judge","score":0.25,"label":"poor",
             "explanation":"It is too short.","more":{"ignored":[1]}}
            """);
    start(queue, "window: false", "", WEBHOOK.formatted(""));

    post("traces", traces(answering("1", "", "Yes.")));

    await().until(() -> logs.size() == 1);
    LogRecord record = record(logs.get(0));
    assertThat(record.getEventName()).isEqualTo(RESULT);
    assertThat(record.getTraceId()).isEqualTo(bytes(TRACE));
    assertThat(record.getSpanId()).isEqualTo(bytes(SPAN_ID));
    assertThat(record.getAttributesList())
        .contains(
            attribute("gen_ai.evaluation.name", "judge"),
            attribute("gen_ai.evaluation.score.value", 0.25),
            attribute("gen_ai.evaluation.score.label", "poor"),
            attribute("gen_ai.evaluation.explanation", "It is too short."));
    await().untilAsserted(() -> assertThat(matched("score:judge<0.5")).isEqualTo(1));
    assertThat(asked).hasSize(1);
    assertThat(asked.get(0)).contains("\"Yes.\"", "\"operation\":\"chat\"", "\"cost\":\"0.0035\"");
    await().untilAsserted(() -> counted("tallyspan_scorer_webhook_scores_total", "accepted", 1));
    counted("tallyspan_scorer_webhook_spans_total", "answered", 1);
  }

  @Test
  void policyDecidesWhatTheWebhookGets() throws Exception {
    start("direct", "window: false", "", WEBHOOK.formatted(", content_policy: metadata"));

    post("traces", traces(answering("1", "", "A s3cret answer.")));

    await().until(() -> asked.size() == 1);
    assertThat(asked.get(0)).contains(TRACE).doesNotContain("s3cret");
  }

  @Test
  void slowWebhookDelaysNothingAndWhatDoesNotFitIsCounted() throws Exception {
    slow = true;
    start("direct", "window: false", "", WEBHOOK.formatted(", batch_size: 1, queue_size: 2"));
    post("traces", traces(answering("1", "", "Yes.")));
    await().until(() -> asked.size() == 1); // It is held.

    for (String id : List.of("2", "3", "4", "5")) {
      post("traces", traces(answering(id, "", "Yes.")));
    }

    assertThat(received()).hasSize(5);
    counted("tallyspan_scorer_webhook_spans_total", "dropped", 2); // Before the responses.
    released.countDown();
    await().until(() -> asked.size() == 3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "500 | {}",
        "302 | {}",
        "200 | not JSON",
        "200 | []",
        "200 | {\"results\":{}}",
        "200 | {\"results\":[",
        "200 | {\"results\":[[[[",
        "200 | {\"results\":[7]}",
        "200 | {\"results\":[{\"score\":1e}]}"
      })
  void brokenWebhookIsCountedAndNothingElseHappens(int code, String body) throws Exception {
    status = code;
    answer = body.getBytes(StandardCharsets.UTF_8);
    start("direct", "window: false", "", WEBHOOK.formatted(""));

    post("traces", traces(answering("1", "", "Yes.")));

    await().untilAsserted(() -> counted("tallyspan_scorer_webhook_spans_total", "failed", 1));
    assertThat(received()).hasSize(1);
    assertThat(logs).isEmpty();
  }

  @Test
  void responseOfAnySizeIsNotRead() throws Exception {
    answer = new byte[5 << 20];
    start("direct", "window: false", "", WEBHOOK.formatted(""));

    post("traces", traces(answering("1", "", "Yes.")));

    await().untilAsserted(() -> counted("tallyspan_scorer_webhook_spans_total", "failed", 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"trace_id\":\"TRACE\",\"span_id\":\"ffffffffffffffff\",\"name\":\"a\",\"score\":1}",
        "{\"trace_id\":\"TRACE\",\"span_id\":\"SPAN\",\"name\":\"\",\"score\":1}",
        "{\"trace_id\":\"TRACE\",\"span_id\":\"SPAN\",\"name\":\"a\"}",
        "{\"trace_id\":\"TRACE\",\"span_id\":\"SPAN\",\"name\":\"a\",\"score\":\"1\"}",
        "{\"trace_id\":\"TRACE\",\"span_id\":\"SPAN\",\"name\":\"a\",\"score\":1e999}",
        "{\"trace_id\":[\"TRACE\"],\"span_id\":{},\"name\":null,\"score\":1}",
        "{}"
      })
  void resultThatIsOfNoSpanOrHasNoScoreIsInvalid(String result) throws Exception {
    answer = results(result);
    start("direct", "window: false", "", WEBHOOK.formatted(""));

    post("traces", traces(answering("1", "", "Yes.")));

    await().untilAsserted(() -> counted("tallyspan_scorer_webhook_scores_total", "invalid", 1));
    assertThat(logs).isEmpty();
  }

  @Test
  void shareOfNoTracesAsksAboutNone() throws Exception {
    start("direct", "window: false", "", WEBHOOK.formatted(", share: 0"));
    post("traces", traces(answering("1", "", "Yes.")));
    close();
    assertThat(asked).isEmpty();
  }

  private void start(String queue, String tallyspan, String rules, String webhook)
      throws Exception {
    Path file = directory.resolve("config.yaml");
    String url = "http://127.0.0.1:" + backend.getAddress().getPort();
    Files.writeString(
        file,
        """
        receivers:
          otlp: {protocols: {http: {endpoint: "127.0.0.1:0"}}}
        processors:
          tallyspan:
            TALLYSPAN
          scorer:
        SCORER
        exporters:
          otlp_http: {endpoint: BACKEND, compression: none}
        service:
          pipelines:
            traces:
              receivers: [otlp]
              processors: [tallyspan, scorer]
              exporters: [otlp_http]
              queue: QUEUE
            logs:
              receivers: [otlp]
              processors: [tallyspan]
              exporters: [otlp_http]
              queue: QUEUE
        """
            .replace("TALLYSPAN", tallyspan)
            .replace("SCORER", rules + webhook)
            .replace("BACKEND", url)
            .replace("QUEUE", queue));
    server =
        CollectorServer.builder(ConfigLoader.load(file, Map.of()))
            .meter(metrics.meter("test"))
            .also(viewer)
            .start();
  }

  private static Span.Builder answering(String id, String parent, String answer) {
    return chat(id, parent, "gpt-4o")
        .addAttributes(
            attribute(
                "gen_ai.output.messages",
                "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\""
                    + answer
                    + "\"}],\"finish_reason\":\"stop\"}]"));
  }

  private void post(String signal, byte[] request) throws Exception {
    post("/v1/" + signal, "application/x-protobuf", request);
  }

  private void score(String path, String json) throws Exception {
    post(path, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  private void post(String path, String type, byte[] request) throws Exception {
    HttpResponse<byte[]> response =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort("otlp") + path))
                .header("content-type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
  }

  private static byte[] evaluation(String trace, String span, double value) {
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    request
        .addResourceLogsBuilder()
        .addScopeLogsBuilder()
        .addLogRecordsBuilder()
        .setEventName(RESULT)
        .setTraceId(bytes(trace))
        .setSpanId(bytes(span))
        .addAttributes(attribute("gen_ai.evaluation.name", "tone"))
        .addAttributes(attribute("gen_ai.evaluation.score.value", value));
    return request.build().toByteArray();
  }

  private static byte[] results(String result) {
    return ("{\"results\":["
            + result.replace("TRACE", TRACE).replace("\"SPAN\"", '"' + SPAN_ID + '"')
            + "]}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }

  private List<Span> received() throws Exception {
    List<Span> all = new ArrayList<>();
    for (byte[] each : traces) {
      all.addAll(spans(each));
    }
    return all;
  }

  private static List<String> results(Span span) {
    return span.getEventsList().stream()
        .filter(event -> event.getName().equals(RESULT))
        .map(
            event ->
                text(event, "gen_ai.evaluation.name")
                    + " "
                    + value(event, "gen_ai.evaluation.score.value").getDoubleValue()
                    + " "
                    + text(event, "gen_ai.evaluation.score.label"))
        .toList();
  }

  private static String text(Span.Event event, String key) {
    return value(event, key).getStringValue();
  }

  private static AnyValue value(Span.Event event, String key) {
    return event.getAttributesList().stream()
        .filter(it -> it.getKey().equals(key))
        .map(KeyValue::getValue)
        .findFirst()
        .orElse(AnyValue.getDefaultInstance());
  }

  private static LogRecord record(byte[] request) throws Exception {
    return ExportLogsServiceRequest.parseFrom(request)
        .getResourceLogs(0)
        .getScopeLogs(0)
        .getLogRecords(0);
  }

  private int matched(String query) {
    String json = new String(views.traces(query, 0, 10), StandardCharsets.UTF_8);
    return json.startsWith("{\"matched\":0,") ? 0 : 1;
  }

  private static String scores(String rule, String result, int count) {
    return "tallyspan_scorer_scores_total\\{[^}]*result=\""
        + result
        + "\"[^}]*rule=\""
        + rule
        + "\"[^}]*} "
        + count
        + "(\\.0)?\\n";
  }

  private void counted(String metric, String result, int count) {
    assertThat(metrics.prometheusText())
        .containsPattern(
            metric + "\\{[^}]*result=\"" + result + "\"[^}]*} " + count + "(\\.0)?\\n");
  }
}
