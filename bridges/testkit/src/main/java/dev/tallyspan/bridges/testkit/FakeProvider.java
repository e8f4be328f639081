package dev.tallyspan.bridges.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A provider on the loopback that answers with what it is told to, in order. */
public final class FakeProvider implements AutoCloseable {

  private record Reply(int status, String type, List<String> parts, boolean hangs) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<String> requests = new CopyOnWriteArrayList<>();

  public FakeProvider() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** The bodies of the requests so far. */
  public List<String> requests() {
    return requests;
  }

  /** With the version in the path, as OpenAI's and LangChain4j's clients expect it. */
  public String baseUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  /** A response that is not streamed. */
  public void answersJson(String body) {
    replies.add(new Reply(200, "application/json", List.of(body), false));
  }

  /** An error of the provider. */
  public void answersError(int status, String body) {
    replies.add(new Reply(status, "application/json", List.of(body), false));
  }

  /** Each event as it is on the wire. */
  public void streams(String... events) {
    replies.add(new Reply(200, "text/event-stream", List.of(events), false));
  }

  /** The same, and then nothing, until this provider is closed. */
  public void streamsAndHangs(String... events) {
    replies.add(new Reply(200, "text/event-stream", List.of(events), true));
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    Reply reply = replies.poll();
    if (reply == null) {
      reply =
          new Reply(500, "application/json", List.of("{\"error\":\"no reply is left\"}"), false);
    }
    exchange.getResponseHeaders().set("Content-Type", reply.type);
    exchange.sendResponseHeaders(reply.status, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (String part : reply.parts) {
        out.write(part.getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
      if (reply.hangs) {
        closed.await(120, TimeUnit.SECONDS);
      }
    } catch (IOException e) {
      // The client has gone, as it does when it cancels a stream.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
