package dev.tallyspan.collector.server;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.json.InvalidJsonException;
import dev.tallyspan.collector.json.JsonToProto;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A backend that refuses what the real one refuses: paths, credentials, content types, encodings
 * and ids of spans. Phoenix and MLflow by what real servers answered ({@code
 * profiles/refusals.txt}, which {@code benchmarks/peers/live} proves), the others by their
 * published code and documents.
 */
final class StrictBackend implements AutoCloseable {

  /** Status 0 accepts. */
  @FunctionalInterface
  private interface Rule {
    int refuses(Headers headers, List<Span> spans);
  }

  /**
   * How a backend reads a request, and the status that it answers where it cannot.
   *
   * @param types content types, in lower case
   * @param exactType whether parameters and capitals make another content type
   * @param encodings in lower case
   * @param exactEncoding whether capitals make another encoding
   */
  private record Reading(
      String path,
      Set<String> types,
      boolean exactType,
      Set<String> encodings,
      boolean exactEncoding,
      int otherPath,
      int otherTypeOrEncoding,
      int notCompressed,
      int notParsed) {

    boolean takesType(@Nullable String type) {
      if (type == null || exactType) {
        return types.contains(String.valueOf(type));
      }
      return types.contains(type.split(";", 2)[0].strip());
    }

    boolean takesEncoding(@Nullable String encoding) {
      return encoding == null
          || encodings.contains(exactEncoding ? encoding : encoding.toLowerCase(Locale.ROOT));
    }
  }

  static final String PROTOBUF = "application/x-protobuf";
  static final String JSON = "application/json";

  /** The one that {@link #mlflow} has. */
  static final String EXPERIMENT = "1";

  final List<Span> spans = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  private StrictBackend(Reading reading, int accepted, Rule rule) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          int status = status(exchange, reading, rule);
          exchange.sendResponseHeaders(status == 0 ? accepted : status, -1);
          exchange.close();
        });
    server.start();
  }

  /** Those of which only code and documents were read: protobuf with gzip. */
  private static Reading read(String path, int otherTypeOrEncoding) {
    return new Reading(
        path, Set.of(PROTOBUF), true, Set.of("gzip"), true, 404, otherTypeOrEncoding, 400, 400);
  }

  /**
   * {@code web/src/pages/api/public/otel/v1/traces/index.ts}: other encodings than gzip are read as
   * they are, and do not parse; one span without a valid id refuses all.
   */
  static StrictBackend langfuse(String publicKey, String secretKey) throws IOException {
    String basic = Base64.getEncoder().encodeToString((publicKey + ":" + secretKey).getBytes());
    return new StrictBackend(
        read("/api/public/otel/v1/traces", 400),
        200,
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
        read("/otel/v1/traces", 415),
        202,
        (headers, spans) -> key.equals(headers.getFirst("x-api-key")) ? 0 : 401);
  }

  /** {@code braintrust-spec} and the exporter of {@code braintrust-sdk-java}. */
  static StrictBackend braintrust(String key) throws IOException {
    return new StrictBackend(
        read("/otel/v1/traces", 415),
        200,
        (headers, spans) -> {
          if (!("Bearer " + key).equals(headers.getFirst("authorization"))) {
            return 401;
          }
          String parent = String.valueOf(headers.getFirst("x-bt-parent"));
          return parent.matches("(project_id|project_name|experiment_id):.+") ? 0 : 400;
        });
  }

  /**
   * Phoenix 20.26, tried: the content type as it is, no JSON. Spans are stored later, so bad ones
   * are not refused.
   */
  static StrictBackend phoenix() throws IOException {
    return new StrictBackend(
        new Reading(
            "/v1/traces",
            Set.of(PROTOBUF),
            /* exactType= */ true,
            Set.of("gzip", "deflate"),
            /* exactEncoding= */ true,
            /* otherPath= */ 405,
            /* otherTypeOrEncoding= */ 415,
            /* notCompressed= */ 500,
            /* notParsed= */ 422),
        200,
        (headers, spans) -> 0);
  }

  /** MLflow 3.17, tried: the experiment is in a header, and one bad span refuses all. */
  static StrictBackend mlflow() throws IOException {
    return new StrictBackend(
        new Reading(
            "/v1/traces",
            Set.of(PROTOBUF, JSON),
            /* exactType= */ false,
            Set.of("gzip", "deflate"),
            /* exactEncoding= */ false,
            /* otherPath= */ 404,
            /* otherTypeOrEncoding= */ 400,
            /* notCompressed= */ 400,
            /* notParsed= */ 400),
        200,
        (headers, spans) -> {
          String experiment = headers.getFirst("x-mlflow-experiment-id");
          if (experiment == null) {
            return 422;
          }
          if (spans.isEmpty() || !experiment.matches("[0-9]+")) {
            return 400;
          }
          if (!spans.stream().allMatch(StrictBackend::hasIds)) {
            return 422;
          }
          if (!experiment.equals(EXPERIMENT)) {
            return 404;
          }
          // Its store has signed numbers.
          return spans.stream().allMatch(span -> span.getEndTimeUnixNano() >= 0) ? 0 : 500;
        });
  }

  private static boolean hasIds(Span span) {
    return span.getTraceId().size() == 16 && span.getSpanId().size() == 8;
  }

  private int status(HttpExchange exchange, Reading reading, Rule rule) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (!exchange.getRequestURI().getPath().equals(reading.path)) {
      return reading.otherPath;
    }
    if (!exchange.getRequestMethod().equals("POST")) {
      return 405;
    }
    String type = headers.getFirst("content-type");
    String encoding = headers.getFirst("content-encoding");
    if (!reading.takesType(type) || !reading.takesEncoding(encoding)) {
      return reading.otherTypeOrEncoding;
    }
    try {
      body = decompressed(body, encoding);
    } catch (IOException e) {
      return reading.notCompressed;
    }
    try {
      List<Span> sent = parse(body, type.startsWith(JSON));
      int refused = rule.refuses(headers, sent);
      if (refused == 0) {
        spans.addAll(sent);
      }
      return refused;
    } catch (InvalidProtocolBufferException | InvalidJsonException e) {
      return reading.notParsed;
    }
  }

  private static byte[] decompressed(byte[] body, @Nullable String encoding) throws IOException {
    if (encoding == null) {
      return body;
    }
    ByteArrayInputStream compressed = new ByteArrayInputStream(body);
    try (InputStream in =
        encoding.equalsIgnoreCase("gzip")
            ? new GZIPInputStream(compressed)
            : new InflaterInputStream(compressed)) {
      return in.readAllBytes();
    }
  }

  private static List<Span> parse(byte[] body, boolean json)
      throws InvalidProtocolBufferException, InvalidJsonException {
    byte[] protobuf = json ? JsonToProto.convert(Signal.TRACES, body, body.length) : body;
    return ExportTraceServiceRequest.parseFrom(protobuf).getResourceSpansList().stream()
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
