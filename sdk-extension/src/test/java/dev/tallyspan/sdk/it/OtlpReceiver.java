package dev.tallyspan.sdk.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** An OTLP/HTTP backend on the loopback that keeps the spans it is sent. */
final class OtlpReceiver implements AutoCloseable {

  private final HttpServer server;
  private final List<Span> spans = new CopyOnWriteArrayList<>();

  OtlpReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/traces", this::traces);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Span> spans() {
    return spans;
  }

  /** The spans so far whose names begin so, by time. */
  List<Span> spans(String name) {
    return spans.stream()
        .filter(span -> span.getName().startsWith(name))
        .sorted(Comparator.comparingLong(Span::getStartTimeUnixNano))
        .toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void traces(HttpExchange exchange) throws IOException {
    ExportTraceServiceRequest request =
        ExportTraceServiceRequest.parseFrom(body(exchange).readAllBytes());
    request
        .getResourceSpansList()
        .forEach(
            resource -> resource.getScopeSpansList().forEach(s -> spans.addAll(s.getSpansList())));
    exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
    // -1: no body, which is an empty ExportTraceServiceResponse.
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  private static InputStream body(HttpExchange exchange) throws IOException {
    boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    return gzip ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody();
  }
}
