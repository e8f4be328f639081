package dev.tallyspan.spring.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A provider on the loopback that answers as OpenAI does. Each chat has 1000 tokens in, of which 600
 * come from the cache, and 50 out. A request with tools and no result of one is answered with a
 * call. A streamed text is held back after its first chunks until {@link #release}.
 */
final class FakeOpenAi implements AutoCloseable {

  private static final String USAGE =
      "{\"prompt_tokens\":1000,\"completion_tokens\":50,\"total_tokens\":1050,"
          + "\"prompt_tokens_details\":{\"cached_tokens\":600,\"audio_tokens\":0},"
          + "\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0}}";

  private static final String TOOL_CALLS =
      "\"tool_calls\":[{%s\"id\":\"call_1\",\"type\":\"function\",\"function\":"
          + "{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Paris\\\"}\"}}]";

  private static final String EMBEDDINGS =
      "{\"object\":\"list\",\"model\":\"text-embedding-3-small\",\"data\":"
          + "[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.1,0.2,0.3]}],"
          + "\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Semaphore released = new Semaphore(0);
  private int responses;

  FakeOpenAi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    // Spring AI 1 adds /v1 to the base URL, Spring AI 2 does not.
    server.createContext("/", this::answer);
    server.start();
  }

  String baseUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (exchange.getRequestURI().getPath().endsWith("/embeddings")) {
      send(exchange, "application/json", EMBEDDINGS);
      return;
    }
    boolean call = request.contains("\"tools\"") && !request.contains("\"tool_call_id\"");
    String id = nextId();
    if (request.contains("\"stream\":true") && !call) {
      stream(exchange, id);
    } else if (request.contains("\"stream\":true")) {
      send(exchange, "text/event-stream", streamedCall(id));
    } else {
      send(exchange, "application/json", call ? call(id) : text(id));
    }
  }

  private synchronized String nextId() {
    return "chatcmpl-" + ++responses;
  }

  private static String text(String id) {
    return completion(id, "\"content\":\"It is sunny.\"", "stop");
  }

  private static String call(String id) {
    return completion(id, "\"content\":null," + TOOL_CALLS.formatted(""), "tool_calls");
  }

  private static String completion(String id, String message, String reason) {
    return "{\"id\":\""
        + id
        + "\",\"object\":\"chat.completion\",\"created\":1763800000,"
        + "\"model\":\"gpt-4o-mini-2024-07-18\",\"choices\":[{\"index\":0,\"finish_reason\":\""
        + reason
        + "\",\"logprobs\":null,\"message\":{\"role\":\"assistant\",\"refusal\":null,"
        + message
        + "}}],\"usage\":"
        + USAGE
        + "}";
  }

  /** Two chunks at first, because Spring AI 1 passes one on when it has the next. */
  private void stream(HttpExchange exchange, String id) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (var out = exchange.getResponseBody()) {
      String first =
          chunk(id, "{\"role\":\"assistant\",\"content\":\"It\"}", "null")
              + chunk(id, "{\"content\":\" is\"}", "null");
      // Each chunk of the streams before has released one; only the first was waited for.
      released.drainPermits();
      out.write(first.getBytes(StandardCharsets.UTF_8));
      out.flush();
      released.tryAcquire(60, TimeUnit.SECONDS);
      String rest =
          chunk(id, "{\"content\":\" sunny.\"}", "null") + chunk(id, "{}", "\"stop\"") + usage(id);
      out.write(rest.getBytes(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Called when the application has a chunk with text. */
  void release() {
    released.release();
  }

  private static String streamedCall(String id) {
    return chunk(
            id,
            "{\"role\":\"assistant\",\"content\":null,"
                + TOOL_CALLS.formatted("\"index\":0,")
                + "}",
            "null")
        + chunk(id, "{}", "\"tool_calls\"")
        + usage(id);
  }

  private static String chunk(String id, String delta, String reason) {
    return event(
        id,
        "[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + reason + "}]",
        "null");
  }

  private static String usage(String id) {
    return event(id, "[]", USAGE) + "data: [DONE]\n\n";
  }

  private static String event(String id, String choices, String usage) {
    return "data: {\"id\":\""
        + id
        + "\",\"object\":\"chat.completion.chunk\",\"created\":1763800000,"
        + "\"model\":\"gpt-4o-mini-2024-07-18\",\"choices\":"
        + choices
        + ",\"usage\":"
        + usage
        + "}\n\n";
  }

  private static void send(HttpExchange exchange, String type, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }
}
