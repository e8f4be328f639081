package dev.tallyspan.collector.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.EnvironmentConfig;
import dev.tallyspan.collector.flow.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole way over real sockets: a client, the server, a backend. */
class CollectorServerTest {

  /** What arrived at the backend: path and body. */
  private record Arrival(String path, byte[] body) {}

  private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer backend;
  private CollectorServer server;
  private volatile int backendStatus = 200;

  @BeforeEach
  void startServers() throws Exception {
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.createContext(
        "/",
        exchange -> {
          try (InputStream body = exchange.getRequestBody()) {
            arrivals.add(new Arrival(exchange.getRequestURI().getPath(), body.readAllBytes()));
          }
          exchange.sendResponseHeaders(backendStatus, -1);
          exchange.close();
        });
    backend.start();
    server = CollectorServer.builder(config(Map.of())).start();
  }

  @AfterEach
  void stopServers() {
    server.close();
    backend.stop(0);
  }

  @Test
  void llmSpanReachesTheBackendWithItsCost() throws Exception {
    assertThat(post("/v1/traces", request(chat(), plain()).toByteArray()).statusCode())
        .isEqualTo(200);

    ExportTraceServiceRequest arrived = arrivedTraces();
    Map<String, AnyValue> attributes = attributes(span(arrived, "chat gpt-4o"));
    // 1000 x 2.5 + 100 x 10 USD per million.
    assertThat(attributes.get("tallyspan.cost.total_exact").getStringValue()).isEqualTo("0.0035");
    assertThat(attributes.get("tallyspan.cost.total").getDoubleValue()).isEqualTo(0.0035);
    assertThat(attributes.get("tallyspan.cost.currency").getStringValue()).isEqualTo("USD");
    assertThat(attributes.get("gen_ai.usage.cost").getDoubleValue()).isEqualTo(0.0035);
    assertThat(span(arrived, "GET /")).isEqualTo(plain());
  }

  @Test
  void requestWithoutLlmSpansReachesTheBackendByteForByte() throws Exception {
    byte[] request = request(plain(), plain()).toByteArray();
    post("/v1/traces", request);
    assertThat(arrivals).hasSize(1);
    assertThat(arrivals.get(0).body()).isEqualTo(request);
  }

  @Test
  void logsReachTheirOwnEndpoint() throws Exception {
    byte[] request =
        ExportLogsServiceRequest.newBuilder()
            .addResourceLogs(
                io.opentelemetry.proto.logs.v1.ResourceLogs.newBuilder()
                    .addScopeLogs(
                        io.opentelemetry.proto.logs.v1.ScopeLogs.newBuilder()
                            .addLogRecords(
                                io.opentelemetry.proto.logs.v1.LogRecord.newBuilder()
                                    .setTimeUnixNano(1))))
            .build()
            .toByteArray();
    assertThat(post("/v1/logs", request).statusCode()).isEqualTo(200);
    assertThat(arrivals).extracting(Arrival::path).containsExactly("/v1/logs");
    assertThat(arrivals.get(0).body()).isEqualTo(request);
  }

  @Test
  void senderIsNotToldSuccessWhenTheBackendRefusedForGood() throws Exception {
    backendStatus = 400;
    assertThat(post("/v1/traces", request(chat()).toByteArray()).statusCode()).isEqualTo(400);
    backendStatus = 200;
    assertThat(post("/v1/traces", request(chat()).toByteArray()).statusCode()).isEqualTo(200);
  }

  @Test
  void badInputIsRefusedAndTheNextRequestWorks() throws Exception {
    byte[] good = request(chat()).toByteArray();
    byte[] half = java.util.Arrays.copyOf(good, good.length / 2);
    byte[] garbage = "this is no protobuf at all".getBytes(StandardCharsets.UTF_8);
    for (byte[] bad : List.of(half, garbage)) {
      HttpResponse<byte[]> refused = post("/v1/traces", bad);
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.headers().firstValue("content-type")).hasValue("application/x-protobuf");
      assertThat(refused.body()).isNotEmpty();
      assertThat(post("/v1/traces", good).statusCode()).isEqualTo(200);
    }
    assertThat(arrivals).hasSize(2);
  }

  @Test
  void gzipBombIsRefusedAndTheNextRequestWorks() throws Exception {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 80; i++) {
        gzip.write(zeros);
      }
    }
    HttpResponse<byte[]> refused =
        client.send(
            builder("/v1/traces")
                .header("content-type", "application/x-protobuf")
                .header("content-encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bomb.toByteArray()))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(post("/v1/traces", request(chat()).toByteArray()).statusCode()).isEqualTo(200);
  }

  @Test
  void jsonWithABadIdIsRefusedByItsPathWithoutItsValue() throws Exception {
    HttpResponse<byte[]> refused =
        client.send(
            builder("/v1/traces")
                .header("content-type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"xyz\"}]}]}]}"))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(new String(refused.body(), StandardCharsets.UTF_8))
        .contains("/resourceSpans/0/scopeSpans/0/spans/0/traceId: must have 32 hex digits")
        .doesNotContain("xyz");
  }

  @Test
  void addressThatIsTakenIsNamed() throws Exception {
    CollectorConfig taken =
        config(Map.of("TALLYSPAN_HTTP_ENDPOINT", "127.0.0.1:" + server.httpPort("otlp")));
    assertThatThrownBy(() -> CollectorServer.builder(taken).start())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "receivers.otlp.protocols.http.endpoint=127.0.0.1:"
                + server.httpPort("otlp")
                + ": cannot listen: ");
  }

  @Test
  void whatIsInFlightIsDeliveredBeforeTheEnd() throws Exception {
    var pending =
        client.sendAsync(
            builder("/v1/traces")
                .header("content-type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(request(chat()).toByteArray()))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    // The request is in when its answer is due only after the batch's flush timeout.
    pending.join();
    server.close();
    assertThat(arrivals).hasSize(1);
    assertThat(server.httpPort("otlp")).isEqualTo(-1);
  }

  private CollectorConfig config(Map<String, String> more) throws Exception {
    Map<String, String> env = new HashMap<>();
    env.put("TALLYSPAN_GRPC_ENDPOINT", "127.0.0.1:0");
    env.put("TALLYSPAN_HTTP_ENDPOINT", "127.0.0.1:0");
    env.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + backend.getAddress().getPort());
    env.putAll(more);
    return EnvironmentConfig.from(env);
  }

  private HttpResponse<byte[]> post(String path, byte[] body) throws Exception {
    return client.send(
        builder(path)
            .header("content-type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpRequest.Builder builder(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort("otlp") + path));
  }

  private ExportTraceServiceRequest arrivedTraces() throws Exception {
    assertThat(arrivals).extracting(Arrival::path).containsExactly(Signal.TRACES.httpPath());
    return ExportTraceServiceRequest.parseFrom(arrivals.get(0).body());
  }

  private static ExportTraceServiceRequest request(Span... spans) {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(List.of(spans))))
        .build();
  }

  private static Span chat() {
    return Span.newBuilder()
        .setTraceId(
            ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8}))
        .setSpanId(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}))
        .setName("chat gpt-4o")
        .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
        .setStartTimeUnixNano(1_790_000_000_000_000_000L)
        .setEndTimeUnixNano(1_790_000_001_000_000_000L)
        .addAttributes(text("gen_ai.operation.name", "chat"))
        .addAttributes(text("gen_ai.provider.name", "openai"))
        .addAttributes(text("gen_ai.request.model", "gpt-4o"))
        .addAttributes(number("gen_ai.usage.input_tokens", 1000))
        .addAttributes(number("gen_ai.usage.output_tokens", 100))
        .build();
  }

  private static Span plain() {
    return chat().toBuilder()
        .setName("GET /")
        .clearAttributes()
        .addAttributes(text("http.request.method", "GET"))
        .build();
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static KeyValue number(String key, long value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }

  private static Span span(ExportTraceServiceRequest request, String name) {
    return request.getResourceSpans(0).getScopeSpans(0).getSpansList().stream()
        .filter(span -> span.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, AnyValue> attributes(Span span) {
    return span.getAttributesList().stream()
        .collect(Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
  }
}
