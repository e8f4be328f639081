package dev.tallyspan.collector.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/**
 * An OTLP/HTTP backend on a fixed port that notes the numbered spans it accepts. It can be down:
 * then nothing listens. It can be unreliable: then it refuses some requests with 503, and closes
 * the connection instead of answering others that it has accepted.
 */
final class BitmapSink implements AutoCloseable {

  static {
    // Without it, each response of the JDK's server waits 40 ms for the client's TCP to confirm.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private enum State {
    RELIABLE,
    UNRELIABLE,
    DOWN
  }

  private final int backend;
  private final int port;
  private final SequenceBook book;
  private final Random random;
  private final ExecutorService handlers = Executors.newCachedThreadPool(BitmapSink::daemon);
  private final ScheduledExecutorService moods =
      Executors.newSingleThreadScheduledExecutor(BitmapSink::daemon);

  private volatile State state = State.DOWN;
  private HttpServer server;
  private int period;

  /**
   * @param backend its number in the book
   */
  BitmapSink(int backend, int port, SequenceBook book, long seed) {
    this.backend = backend;
    this.port = port;
    this.book = book;
    this.random = new Random(seed);
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Accepts everything from now on. */
  void reliable() {
    fixed(State.RELIABLE);
  }

  /** Refuses some requests from now on. */
  void unreliable() {
    fixed(State.UNRELIABLE);
  }

  /** Does not listen from now on. */
  void down() {
    fixed(State.DOWN);
  }

  /** Changes between all states from now on, at random times. */
  synchronized void changing() {
    change(++period);
  }

  @Override
  public void close() {
    down();
    moods.shutdownNow();
    handlers.shutdownNow();
  }

  private synchronized void fixed(State state) {
    period++;
    become(state);
  }

  private synchronized void change(int during) {
    if (during != period) {
      return;
    }
    int dice = random.nextInt(10);
    become(dice < 5 ? State.RELIABLE : dice < 8 ? State.UNRELIABLE : State.DOWN);
    moods.schedule(() -> change(during), 50 + random.nextInt(1000), TimeUnit.MILLISECONDS);
  }

  private void become(State next) {
    if (next == State.DOWN && server != null) {
      server.stop(0);
      server = null;
    }
    if (next != State.DOWN && server == null) {
      try {
        server =
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      server.createContext("/v1/traces", this::traces);
      server.setExecutor(handlers);
      server.start();
    }
    state = next;
  }

  private void traces(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
      InputStream body = exchange.getRequestBody();
      // Throws if the collector is killed while it sends.
      ExportTraceServiceRequest request =
          ExportTraceServiceRequest.parseFrom(gzip ? new GZIPInputStream(body) : body);
      int dice = state == State.UNRELIABLE ? dice() : 9;
      if (dice < 3) {
        exchange.sendResponseHeaders(503, -1);
        return;
      }
      NumberedSpans.deliver(request, backend, book);
      if (dice > 3) {
        exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
        exchange.sendResponseHeaders(200, -1);
      }
    }
  }

  private synchronized int dice() {
    return random.nextInt(10);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "sink");
    thread.setDaemon(true);
    return thread;
  }
}
