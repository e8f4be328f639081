package dev.tallyspan.collector.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** An OTLP backend on the loopback, both protocols, that keeps the spans it is sent. */
final class Backend implements AutoCloseable {

  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final HttpServer http;
  private final Server grpc;

  Backend() throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    http = HttpServer.create(anyPort, 0);
    http.createContext("/v1/traces", this::traces);
    http.start();
    grpc = NettyServerBuilder.forAddress(anyPort).addService(new TraceService()).build().start();
  }

  String httpEndpoint() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  String grpcEndpoint() {
    return "http://127.0.0.1:" + grpc.getPort();
  }

  /** The spans so far, over both protocols. */
  List<Span> spans() {
    return spans;
  }

  /** The spans so far whose names begin so. */
  List<Span> spans(String name) {
    return spans.stream().filter(span -> span.getName().startsWith(name)).toList();
  }

  @Override
  public void close() {
    http.stop(0);
    grpc.shutdownNow();
  }

  private void keep(ExportTraceServiceRequest request) {
    request
        .getResourceSpansList()
        .forEach(
            resource ->
                resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList())));
  }

  private void traces(HttpExchange exchange) throws IOException {
    boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    InputStream body = exchange.getRequestBody();
    keep(ExportTraceServiceRequest.parseFrom(gzip ? new GZIPInputStream(body) : body));
    exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
    // -1: no body, which is an empty ExportTraceServiceResponse.
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  private final class TraceService extends TraceServiceGrpc.TraceServiceImplBase {
    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> answer) {
      keep(request);
      answer.onNext(ExportTraceServiceResponse.getDefaultInstance());
      answer.onCompleted();
    }
  }
}
