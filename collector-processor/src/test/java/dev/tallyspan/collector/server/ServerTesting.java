package dev.tallyspan.collector.server;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.telemetry.OwnMetrics;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A backend over HTTP, and a server that a test configures. */
final class ServerTesting implements AutoCloseable {

  private static final String RECEIVER =
      """
      receivers:
        otlp: {protocols: {http: {endpoint: "127.0.0.1:0"}}}
      """;

  /** What arrived at the backend, in order. */
  final List<byte[]> arrivals = new CopyOnWriteArrayList<>();

  /** What the backend answers; it keeps what it answers with 200. */
  volatile int status = 200;

  final OwnMetrics metrics = OwnMetrics.create();
  private final HttpServer backend;
  private final HttpClient client = HttpClient.newHttpClient();
  private CollectorServer server;

  ServerTesting() throws IOException {
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.createContext(
        "/",
        exchange -> {
          try (InputStream body = exchange.getRequestBody()) {
            byte[] request = body.readAllBytes();
            int answer = status;
            if (answer == 200) {
              arrivals.add(request);
            }
            exchange.sendResponseHeaders(answer, -1);
          }
          exchange.close();
        });
    backend.start();
  }

  /**
   * Starts a server with a receiver {@code otlp}.
   *
   * @param directory for the file
   * @param yaml the rest of the file, in which {@code BACKEND} is the URL of the backend
   */
  void start(Path directory, String yaml) throws Exception {
    start(directory, yaml, Map.of());
  }

  void start(Path directory, String yaml, Map<String, String> env) throws Exception {
    Path file = directory.resolve("config.yaml");
    String url = "http://127.0.0.1:" + backend.getAddress().getPort();
    Files.writeString(file, RECEIVER + yaml.replace("BACKEND", url));
    server =
        CollectorServer.builder(ConfigLoader.load(file, env)).meter(metrics.meter("test")).start();
  }

  /** Returns the status of the response. */
  int post(String signal, byte[] request) throws Exception {
    HttpResponse<byte[]> response =
        client.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + server.httpPort("otlp") + "/v1/" + signal))
                .header("content-type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    return response.statusCode();
  }

  int post(ExportTraceServiceRequest request) throws Exception {
    return post("traces", request.toByteArray());
  }

  ExportTraceServiceRequest arrived(int index) throws Exception {
    return ExportTraceServiceRequest.parseFrom(arrivals.get(index));
  }

  /** Closes the server and keeps the backend. */
  void closeServer() {
    if (server != null) {
      server.close(Duration.ofSeconds(5));
      server = null;
    }
  }

  @Override
  public void close() {
    closeServer();
    metrics.close();
    backend.stop(0);
  }

  /** A request of the spans of the service {@code shop}. */
  static ExportTraceServiceRequest request(Span... spans) {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(text("service.name", "shop")))
                .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(List.of(spans))))
        .build();
  }

  static Span chat() {
    return span("chat gpt-4o", 1).toBuilder()
        .addAttributes(text("gen_ai.operation.name", "chat"))
        .addAttributes(text("gen_ai.provider.name", "openai"))
        .addAttributes(text("gen_ai.request.model", "gpt-4o"))
        .addAttributes(number("gen_ai.usage.input_tokens", 1000))
        .addAttributes(number("gen_ai.usage.output_tokens", 100))
        .addAttributes(
            text(
                "gen_ai.input.messages",
                "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"geheim\"}]}]"))
        .build();
  }

  /** A span of a trace of its own. */
  static Span span(String name, int id) {
    byte[] trace = new byte[16];
    trace[0] = 1;
    trace[15] = (byte) id;
    return Span.newBuilder()
        .setTraceId(ByteString.copyFrom(trace))
        .setSpanId(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, (byte) id}))
        .setName(name)
        .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
        .setStartTimeUnixNano(1_790_000_000_000_000_000L)
        .setEndTimeUnixNano(1_790_000_001_000_000_000L)
        .build();
  }

  static Span firstSpan(ExportTraceServiceRequest request) {
    return request.getResourceSpans(0).getScopeSpans(0).getSpans(0);
  }

  static List<String> keys(Span span) {
    return span.getAttributesList().stream().map(KeyValue::getKey).toList();
  }

  static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  static KeyValue number(String key, long value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }
}
