package dev.tallyspan.collector.demo;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.collector.view.SpanRow;
import dev.tallyspan.collector.view.TraceStore;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;

/**
 * An OTLP/HTTP receiver that decodes with the generated classes and keeps what it gets, after a
 * change that stands for what the real server does to a span.
 */
final class LoopbackServer implements DemoServer, AutoCloseable {

  final TraceStore store = TraceStore.builder().build();
  private final HttpServer http;
  private final UnaryOperator<SpanRow> change;

  LoopbackServer(UnaryOperator<SpanRow> change) throws IOException {
    this.change = change;
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/v1/traces", this::handle);
    http.start();
  }

  @Override
  public URI httpEndpoint() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  @Override
  public List<SpanRow> await(int count, Duration timeout) throws InterruptedException {
    store.await(count, timeout);
    return store.spans();
  }

  @Override
  public void close() {
    http.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    try (exchange;
        InputStream raw = exchange.getRequestBody();
        InputStream body = gzip ? new GZIPInputStream(raw) : raw) {
      var request = ExportTraceServiceRequest.parseFrom(CodedInputStream.newInstance(body));
      for (ResourceSpans resource : request.getResourceSpansList()) {
        String service =
            String.valueOf(map(resource.getResource().getAttributesList()).get("service.name"));
        for (ScopeSpans scope : resource.getScopeSpansList()) {
          scope.getSpansList().forEach(span -> store.add(change.apply(row(span, service))));
        }
      }
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private static SpanRow row(Span span, String service) {
    return new SpanRow(
        hex(span.getTraceId()),
        hex(span.getSpanId()),
        hex(span.getParentSpanId()),
        span.getName(),
        span.getStartTimeUnixNano(),
        span.getEndTimeUnixNano(),
        span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR,
        span.getStatus().getMessage(),
        service,
        map(span.getAttributesList()));
  }

  private static Map<String, Object> map(List<KeyValue> attributes) {
    Map<String, Object> map = new LinkedHashMap<>();
    attributes.forEach(attribute -> map.put(attribute.getKey(), value(attribute.getValue())));
    return map;
  }

  private static Object value(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> value.getBoolValue();
      case INT_VALUE -> value.getIntValue();
      case DOUBLE_VALUE -> value.getDoubleValue();
      case BYTES_VALUE -> value.getBytesValue().toByteArray();
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream().map(LoopbackServer::value).toList();
      case KVLIST_VALUE -> map(value.getKvlistValue().getValuesList());
      default -> null;
    };
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }
}
