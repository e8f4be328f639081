package dev.tallyspan.collector.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.view.SpanRow;
import dev.tallyspan.collector.output.view.StoreOutput;
import dev.tallyspan.collector.output.view.TraceStore;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/**
 * An OTLP/HTTP receiver that keeps what it gets twice: as it was sent, decoded with the generated
 * classes, and as the viewer has it, understood.
 */
final class LoopbackServer implements DemoServer, AutoCloseable {

  /** The spans as they were sent. */
  final List<Span> sent = new CopyOnWriteArrayList<>();

  private final TraceStore store = TraceStore.builder().build();
  private final StoreOutput output = new StoreOutput(store, rows -> {});
  private final LlmProcessor processor = LlmProcessor.builder().build();
  private final HttpServer http;

  LoopbackServer() throws IOException {
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
      byte[] bytes = body.readAllBytes();
      ExportTraceServiceRequest.parseFrom(bytes)
          .getResourceSpansList()
          .forEach(
              resource ->
                  resource.getScopeSpansList().forEach(scope -> sent.addAll(scope.getSpansList())));
      SenderAck ack = new SenderAck(outcome -> {});
      output.write(
          processor.apply(
              Batch.of(new OtlpRequest(Signal.TRACES, Slices.of(bytes), sent.size(), ack))));
      exchange.sendResponseHeaders(200, -1);
    } catch (MalformedRequestException e) {
      throw new IOException(e);
    }
  }
}
