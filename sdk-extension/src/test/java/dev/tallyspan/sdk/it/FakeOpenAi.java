package dev.tallyspan.sdk.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A provider on the loopback that answers as OpenAI does, with fixed token counts: 1117 in and 463
 * out for a chat, 1031 and 257 for a streamed chat, 8191 for embeddings. Any model named {@code
 * busy} is answered with 429.
 */
final class FakeOpenAi implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  FakeOpenAi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/chat/completions", FakeOpenAi::chat);
    server.createContext(
        "/v1/embeddings",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          answer(exchange, 200, "application/json", EMBEDDINGS);
        });
    server.start();
  }

  String baseUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static void chat(HttpExchange exchange) throws IOException {
    String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (request.contains("\"busy\"")) {
      answer(exchange, 429, "application/json", TOO_MANY_REQUESTS);
    } else if (request.contains("\"stream\":true")) {
      answer(exchange, 200, "text/event-stream", STREAM);
    } else {
      answer(exchange, 200, "application/json", CHAT);
    }
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

  private static final String CHAT =
      """
      {"id":"chatcmpl-1","object":"chat.completion","created":1763800000,
       "model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_1",
       "choices":[{"index":0,"finish_reason":"stop","logprobs":null,
         "message":{"role":"assistant","content":"It is sunny.","refusal":null,"annotations":[]}}],
       "usage":{"prompt_tokens":1117,"completion_tokens":463,"total_tokens":1580,
         "prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},
         "completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,
           "accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}
      """;

  private static final String CHUNK =
      "data: {\"id\":\"chatcmpl-2\",\"object\":\"chat.completion.chunk\",\"created\":1763800000,"
          + "\"model\":\"gpt-4o-mini-2024-07-18\",\"service_tier\":\"default\",\"choices\":%s,"
          + "\"usage\":%s}\n\n";

  private static final String STREAM =
      CHUNK.formatted(
              "[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"It\"},"
                  + "\"finish_reason\":null}]",
              "null")
          + CHUNK.formatted(
              "[{\"index\":0,\"delta\":{\"content\":\" is sunny.\"},\"finish_reason\":null}]",
              "null")
          + CHUNK.formatted("[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]", "null")
          + CHUNK.formatted(
              "[]", "{\"prompt_tokens\":1031,\"completion_tokens\":257,\"total_tokens\":1288}")
          + "data: [DONE]\n\n";

  private static final String EMBEDDINGS =
      """
      {"object":"list","model":"text-embedding-3-small",
       "data":[{"object":"embedding","index":0,"embedding":[0.1,0.2,0.3]}],
       "usage":{"prompt_tokens":8191,"total_tokens":8191}}
      """;

  private static final String TOO_MANY_REQUESTS =
      """
      {"error":{"message":"Rate limit reached","type":"requests","param":null,
       "code":"rate_limit_exceeded"}}
      """;
}
