package dev.tallyspan.sdk.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.bridges.testkit.AnthropicPayloads;
import dev.tallyspan.bridges.testkit.OpenAiPayloads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * OpenAI and Anthropic on the loopback, with the responses of the test kit. A request with tools
 * and no result of one is answered with a call. Any model named {@code busy} is answered with 429.
 */
final class FakeProviders implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  FakeProviders() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/chat/completions", FakeProviders::chatCompletion);
    server.createContext("/v1/responses", FakeProviders::response);
    server.createContext("/v1/embeddings", FakeProviders::embeddings);
    server.createContext("/v1/messages", FakeProviders::message);
    server.start();
  }

  /** Without a version in the path. */
  String baseUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static void chatCompletion(HttpExchange exchange) throws IOException {
    String request = request(exchange);
    boolean tool = request.contains("\"tools\"") && !request.contains("\"tool_call_id\"");
    if (request.contains("\"busy\"")) {
      answer(exchange, 429, "application/json", OpenAiPayloads.RATE_LIMIT);
    } else if (isStreamed(request)) {
      stream(exchange, tool ? OpenAiPayloads.toolStream() : OpenAiPayloads.chatStream());
    } else {
      answer(
          exchange, 200, "application/json", tool ? OpenAiPayloads.TOOL_CALL : OpenAiPayloads.CHAT);
    }
  }

  private static void response(HttpExchange exchange) throws IOException {
    if (isStreamed(request(exchange))) {
      stream(exchange, OpenAiPayloads.responseStream());
    } else {
      answer(exchange, 200, "application/json", OpenAiPayloads.RESPONSE);
    }
  }

  private static void embeddings(HttpExchange exchange) throws IOException {
    request(exchange);
    answer(exchange, 200, "application/json", OpenAiPayloads.EMBEDDINGS);
  }

  private static void message(HttpExchange exchange) throws IOException {
    String request = request(exchange);
    if (isStreamed(request)) {
      stream(exchange, AnthropicPayloads.stream());
    } else {
      answer(
          exchange,
          200,
          "application/json",
          request.contains("\"tools\"") ? AnthropicPayloads.TOOL_USE : AnthropicPayloads.MESSAGE);
    }
  }

  private static String request(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static boolean isStreamed(String request) {
    return request.contains("\"stream\":true") || request.contains("\"stream\" : true");
  }

  private static void stream(HttpExchange exchange, String[] events) throws IOException {
    answer(exchange, 200, "text/event-stream", String.join("", events));
  }

  private static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }
}
