package dev.tallyspan.collector.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A provider on the loopback that answers every chat as OpenAI does: 1117 tokens in, 463 out. */
final class FakeProvider implements AutoCloseable {

  private static final String ANSWER =
      """
      {"id":"chatcmpl-1","object":"chat.completion","created":1763800000,
       "model":"gpt-4o-mini-2024-07-18","service_tier":"default",
       "choices":[{"index":0,"finish_reason":"stop","logprobs":null,
         "message":{"role":"assistant","content":"It is sunny.","refusal":null}}],
       "usage":{"prompt_tokens":1117,"completion_tokens":463,"total_tokens":1580}}
      """;

  private final HttpServer server;

  FakeProvider() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/chat/completions", FakeProvider::answer);
    server.start();
  }

  String baseUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] body = ANSWER.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
