package dev.tallyspan.collector.server;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/**
 * A backend that refuses what the real one refuses, by its published code and documents: paths,
 * credentials, content types, encodings and ids of spans.
 */
final class StrictBackend implements AutoCloseable {

  /** Status 0 accepts. */
  @FunctionalInterface
  private interface Rule {
    int refuses(Headers headers, List<Span> spans);
  }

  final List<Span> spans = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  private StrictBackend(String path, int accepted, Set<String> encodings, int unknown, Rule rule)
      throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          int status = status(exchange, path, encodings, unknown, rule);
          exchange.sendResponseHeaders(status == 0 ? accepted : status, -1);
          exchange.close();
        });
    server.start();
  }

  /**
   * {@code web/src/pages/api/public/otel/v1/traces/index.ts}: other encodings than gzip are read as
   * they are, and do not parse; one span without a valid id refuses all.
   */
  static StrictBackend langfuse(String publicKey, String secretKey) throws IOException {
    String basic = Base64.getEncoder().encodeToString((publicKey + ":" + secretKey).getBytes());
    return new StrictBackend(
        "/api/public/otel/v1/traces",
        200,
        Set.of("gzip"),
        400,
        (headers, spans) -> {
          if (!("Basic " + basic).equals(headers.getFirst("authorization"))) {
            return 401;
          }
          String version = headers.getFirst("x-langfuse-ingestion-version");
          if (version != null && !version.matches("[0-4].*")) {
            return 400;
          }
          return spans.stream().allMatch(StrictBackend::hasIds) ? 0 : 400;
        });
  }

  /** {@code langsmith-collector-proxy}: {@code internal/handler/traces.go}, {@code auth.go}. */
  static StrictBackend langsmith(String key) throws IOException {
    return new StrictBackend(
        "/otel/v1/traces",
        202,
        Set.of("gzip"),
        415,
        (headers, spans) -> key.equals(headers.getFirst("x-api-key")) ? 0 : 401);
  }

  /** {@code braintrust-spec} and the exporter of {@code braintrust-sdk-java}. */
  static StrictBackend braintrust(String key) throws IOException {
    return new StrictBackend(
        "/otel/v1/traces",
        200,
        Set.of("gzip"),
        415,
        (headers, spans) -> {
          if (!("Bearer " + key).equals(headers.getFirst("authorization"))) {
            return 401;
          }
          String parent = String.valueOf(headers.getFirst("x-bt-parent"));
          return parent.matches("(project_id|project_name|experiment_id):.+") ? 0 : 400;
        });
  }

  /** {@code src/phoenix/server/api/routers/v1/traces.py}: the content type as it is, no JSON. */
  static StrictBackend phoenix() throws IOException {
    return new StrictBackend(
        "/v1/traces", 200, Set.of("gzip", "deflate"), 415, (headers, spans) -> 0);
  }

  /** {@code mlflow/server/otel_api.py}: the experiment is in a header. */
  static StrictBackend mlflow() throws IOException {
    return new StrictBackend(
        "/v1/traces",
        200,
        Set.of("gzip", "deflate"),
        400,
        (headers, spans) -> headers.containsKey("x-mlflow-experiment-id") ? 0 : 422);
  }

  private static boolean hasIds(Span span) {
    return span.getTraceId().size() == 16 && span.getSpanId().size() == 8;
  }

  private int status(
      HttpExchange exchange, String path, Set<String> encodings, int unknown, Rule rule)
      throws IOException {
    Headers headers = exchange.getRequestHeaders();
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (!exchange.getRequestURI().getPath().equals(path)) {
      return 404;
    }
    if (!exchange.getRequestMethod().equals("POST")) {
      return 405;
    }
    String type = String.valueOf(headers.getFirst("content-type")).toLowerCase(Locale.ROOT);
    if (!type.equals("application/x-protobuf")) {
      return unknown;
    }
    String encoding = headers.getFirst("content-encoding");
    if (encoding != null && !encodings.contains(encoding)) {
      return unknown;
    }
    try {
      List<Span> sent = parse("gzip".equals(encoding) ? gunzipped(body) : body);
      int refused = rule.refuses(headers, sent);
      if (refused == 0) {
        spans.addAll(sent);
      }
      return refused;
    } catch (InvalidProtocolBufferException e) {
      return 400;
    }
  }

  private static byte[] gunzipped(byte[] body) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return in.readAllBytes();
    }
  }

  private static List<Span> parse(byte[] body) throws InvalidProtocolBufferException {
    return ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
