package dev.tallyspan.collector.exporter;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A real HTTP server that answers what its script says, and with 200 when that is at its end. */
final class HttpSink implements AutoCloseable {
  record Received(String path, Headers headers, byte[] body, int clientPort) {}

  record Answer(int status, Map<String, String> headers, byte[] body) {
    static Answer of(int status) {
      return new Answer(status, Map.of(), new byte[0]);
    }

    static Answer of(int status, String header, String value) {
      return new Answer(status, Map.of(header, value), new byte[0]);
    }

    static Answer protobuf(byte[] body) {
      return new Answer(200, Map.of("Content-Type", "application/x-protobuf"), body);
    }
  }

  final Queue<Answer> script = new ConcurrentLinkedQueue<>();
  final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  volatile boolean silent;

  /** Decides in place of the script; null = no rule. A null answer is none at all. */
  volatile Function<byte[], Answer> rule;

  private final HttpServer server;
  private final ExecutorService executor = Executors.newCachedThreadPool();

  HttpSink() throws IOException {
    this(0);
  }

  HttpSink(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::handle);
    server.setExecutor(executor);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    received.add(
        new Received(
            exchange.getRequestURI().toString(),
            exchange.getRequestHeaders(),
            body,
            exchange.getRemoteAddress().getPort()));
    if (silent) {
      return;
    }
    Answer answer = rule == null ? script.poll() : rule.apply(body);
    if (rule != null && answer == null) {
      return;
    }
    if (answer == null) {
      answer = Answer.of(200);
    }
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    int length = answer.body().length;
    try {
      exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length);
      exchange.getResponseBody().write(answer.body());
    } finally {
      exchange.close();
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url() {
    return "http://localhost:" + port();
  }

  Received take() throws InterruptedException {
    Received request = received.poll(60, TimeUnit.SECONDS);
    if (request == null) {
      throw new AssertionError("nothing was received");
    }
    return request;
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
