package dev.tallyspan.collector.conformance;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A backend with OTLP/HTTP. It accepts everything until a test says otherwise. */
final class HttpBackend implements AutoCloseable {

  record Arrival(String path, String protocol, Headers headers, byte[] body) {
    ExportTraceServiceRequest traces() throws IOException {
      return ExportTraceServiceRequest.parseFrom(body);
    }
  }

  record Answer(int status, Map<String, String> headers, byte[] body) {
    static final Answer ACCEPTED = status(200);

    static Answer status(int status) {
      return new Answer(status, Map.of(), new byte[0]);
    }

    static Answer protobuf(int status, byte[] body) {
      return new Answer(status, Map.of("Content-Type", "application/x-protobuf"), body);
    }
  }

  interface Rule {
    /** Called on several threads. Null = the connection is closed without a response. */
    @Nullable Answer answer(Arrival arrival) throws Exception;
  }

  /** What arrived, in order, whatever the answer. */
  final List<Arrival> arrivals = new CopyOnWriteArrayList<>();

  volatile Rule rule = arrival -> Answer.ACCEPTED;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  HttpBackend() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Arrival arrival =
          new Arrival(
              exchange.getRequestURI().toString(),
              exchange.getProtocol(),
              exchange.getRequestHeaders(),
              exchange.getRequestBody().readAllBytes());
      arrivals.add(arrival);
      Answer answer = rule.answer(arrival);
      if (answer == null) {
        return;
      }
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      int length = answer.body().length;
      exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length);
      exchange.getResponseBody().write(answer.body());
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
