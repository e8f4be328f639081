package dev.tallyspan.collector.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.collector.output.recent.RecentTraces;
import dev.tallyspan.collector.output.recent.TraceReports;
import io.modelcontextprotocol.client.McpSyncClient;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask over HTTP, and how; over sockets, because a client sends only what is right. */
class McpHttpTest {

  private static final String TOKEN = "a-token-of-the-user";
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}";

  private McpServerFixture fixture;

  @BeforeEach
  void start() throws Exception {
    fixture = new McpServerFixture(/* policy= */ null, /* ledger= */ null, /* token= */ null);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private String host() {
    return "Host: localhost:" + fixture.server.port();
  }

  private static String message(String body, String... headers) {
    return "POST /mcp HTTP/1.1\r\n"
        + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n")
        + "Accept: application/json, text/event-stream\r\n"
        + "Content-Length: "
        + body.getBytes(UTF_8).length
        + "\r\n\r\n"
        + body;
  }

  private static String json(String body, String... headers) {
    String[] all = new String[headers.length + 1];
    all[0] = "Content-Type: application/json";
    System.arraycopy(headers, 0, all, 1, headers.length);
    return message(body, all);
  }

  /** Returns everything until the server closes the connection. */
  private static String exchange(McpServerFixture to, String request) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), to.server.port())) {
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(UTF_8));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private String exchange(String body, String... headers) throws IOException {
    String[] all = new String[headers.length + 1];
    all[0] = "Connection: close";
    System.arraycopy(headers, 0, all, 1, headers.length);
    return exchange(fixture, json(body, all));
  }

  private static int status(String response) {
    return Integer.parseInt(response.substring(9, 12));
  }

  @Test
  void requestIsAnsweredWithOneJsonObject() throws Exception {
    String response = exchange(PING, host());

    assertThat(status(response)).isEqualTo(200);
    assertThat(response).containsIgnoringCase("content-type: application/json\r\n");
    assertThat(response).containsIgnoringCase("cache-control: no-store");
    assertThat(response).endsWith("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}");
  }

  @Test
  void notificationIsAcceptedWithoutABody() throws Exception {
    String response =
        exchange("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", host());

    assertThat(status(response)).isEqualTo(202);
    assertThat(response).endsWith("\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "DELETE", "PUT", "HEAD"})
  void thereAreNoStreamsAndNoSessions(String method) throws Exception {
    String response =
        exchange(fixture, method + " /mcp HTTP/1.1\r\n" + host() + "\r\nConnection: close\r\n\r\n");

    assertThat(status(response)).isEqualTo(405);
    assertThat(response).containsIgnoringCase("allow: POST");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:8787", "10.0.0.1", "[::2]"})
  void nameThatWasReboundToThisMachineIsRefused(String host) throws Exception {
    assertThat(status(exchange(PING, "Host: " + host))).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: https://evil.example",
        "Origin: null",
        "Origin: http://localhost:1",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site"
      })
  void requestOfAnotherSiteIsRefused(String header) throws Exception {
    assertThat(status(exchange(PING, host(), header))).isEqualTo(403);
    assertThat(status(exchange(PING, host(), header, "Sec-Fetch-Mode: navigate"))).isEqualTo(403);
  }

  @Test
  void pageOfAnotherSiteGetsNoPermissionToAsk() throws Exception {
    String response =
        exchange(
            fixture,
            "OPTIONS /mcp HTTP/1.1\r\n"
                + host()
                + "\r\nOrigin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n"
                + "Connection: close\r\n\r\n");

    assertThat(status(response)).isEqualTo(403);
    assertThat(response).doesNotContainIgnoringCase("access-control-allow");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", ""})
  void typeThatAPageCanSendWithoutAskingIsRefused(String type) throws Exception {
    assertThat(
            status(
                exchange(
                    fixture, message(PING, host(), "Content-Type: " + type, "Connection: close"))))
        .isEqualTo(415);
  }

  @Test
  void elsewhereThanOnLoopbackATokenIsNeeded() throws Exception {
    try (McpServerFixture open =
        new McpServerFixture(/* policy= */ null, /* ledger= */ null, TOKEN)) {
      String[] right = {"Host: viewer.example", "Connection: close"};

      String refused = exchange(open, json(PING, right));
      assertThat(status(refused)).isEqualTo(401);
      assertThat(refused).endsWith("send Authorization: Bearer TOKEN\n");
      assertThat(
              status(
                  exchange(
                      open, json(PING, right[0], right[1], "Authorization: Bearer wrong-token-x"))))
          .isEqualTo(401);
      assertThat(
              status(
                  exchange(open, json(PING, right[0], right[1], "Authorization: Bearer " + TOKEN))))
          .isEqualTo(200);
      try (McpSyncClient client = open.client("Authorization", "Bearer " + TOKEN)) {
        client.initialize();
        assertThat(client.listTools().tools()).hasSize(6);
      }
      try (McpSyncClient client = open.client()) {
        assertThatThrownBy(client::initialize).isInstanceOf(RuntimeException.class);
      }
    }
  }

  @Test
  void tokenInTheUrlDoesNotOpenTheEndpoint() throws Exception {
    try (McpServerFixture open =
        new McpServerFixture(/* policy= */ null, /* ledger= */ null, TOKEN)) {
      String response =
          exchange(
              open,
              "GET /mcp?token=" + TOKEN + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

      assertThat(status(response)).isEqualTo(401);
      assertThat(response).doesNotContainIgnoringCase("set-cookie");
    }
  }

  @ParameterizedTest
  @CsvSource({"2025-03-26, 200", "2025-06-18, 200", "2025-11-25, 200", "2024-11-05, 400", "x, 400"})
  void versionOfTheProtocolIsChecked(String version, int status) throws Exception {
    assertThat(status(exchange(PING, host(), "MCP-Protocol-Version: " + version)))
        .isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "7",
        "null",
        "[]",
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
        "{}",
        "{\"jsonrpc\":\"2.0\",\"id\":1}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":{}}"
      })
  void whatIsNoMessageIsAnError(String body) throws Exception {
    String response = exchange(body, host());

    assertThat(status(response)).isEqualTo(400);
    assertThat(response)
        .endsWith(
            "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"the body must"
                + " be one JSON-RPC message\"}}");
  }

  @Test
  void deeplyNestedMessageIsAnError() throws Exception {
    String deep = "[".repeat(30_000);

    assertThat(status(exchange("{\"a\":" + deep, host()))).isEqualTo(400);
    assertThat(status(exchange(PING, host()))).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":7}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"soul\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":7}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/list\"}"
      })
  void requestThatCannotBeAnsweredIsAnErrorWithItsId(String body) throws Exception {
    String response = exchange(body, host());

    assertThat(status(response)).isEqualTo(200);
    assertThat(response).contains("\"id\":1", "\"error\":{\"code\":-32");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/mcp", "/api/traces"})
  void requestWhoseEndIsNotKnownIsRefusedAndTheConnectionClosed(String path) throws Exception {
    String response =
        exchange(
            fixture, "POST " + path + " HTTP/1.1\r\n" + host() + "\r\nContent-Length: ten\r\n\r\n");

    assertThat(status(response)).isEqualTo(400);
  }

  @Test
  void bodyAboveTheLimitIsRefusedHoweverItIsSent() throws Exception {
    String long64 = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"params\":{\"x\":\"%s\"}}";

    assertThat(status(exchange(long64.formatted("x".repeat(60_000)), host()))).isEqualTo(200);
    assertThat(
            status(
                exchange(
                    fixture,
                    "POST /mcp HTTP/1.1\r\n"
                        + host()
                        + "\r\nContent-Type: application/json\r\nContent-Length: 70000\r\n\r\n")))
        .isEqualTo(413);
    String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
    assertThat(
            status(
                exchange(
                    fixture,
                    "POST /mcp HTTP/1.1\r\n"
                        + host()
                        + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + chunk.repeat(4)
                        + "1\r\nx\r\n")))
        .isEqualTo(413);
  }

  @Test
  void otherPathsKeepTheirSmallerLimit() throws Exception {
    assertThat(
            status(
                exchange(
                    fixture,
                    "GET /api/traces HTTP/1.1\r\n" + host() + "\r\nContent-Length: 9000\r\n\r\n")))
        .isEqualTo(413);
  }

  @Test
  void requestsThatComeTogetherAreAnsweredInTheirOrder() throws Exception {
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      requests.append(json("{\"jsonrpc\":\"2.0\",\"id\":" + i + ",\"method\":\"ping\"}", host()));
      requests.append("GET /api/about HTTP/1.1\r\n" + host() + "\r\n\r\n");
    }
    requests.append(json(PING, host(), "Connection: close"));

    String responses = exchange(fixture, requests.toString());

    int at = 0;
    for (int i = 0; i < 20; i++) {
      at = responses.indexOf("\"id\":" + i + ",\"result\":{}", at);
      assertThat(at).as("the answer to " + i).isPositive();
      at = responses.indexOf("\"content\":\"full\"", at);
      assertThat(at).as("the page after " + i).isPositive();
    }
  }

  @Test
  void clientThatGoesAwayDoesNotHarmOthers() throws Exception {
    for (int i = 0; i < 10; i++) {
      try (Socket socket =
          new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), fixture.server.port())) {
        socket.setSoLinger(true, 0);
        socket.getOutputStream().write(json(PING, host()).getBytes(UTF_8));
      }
    }

    assertThat(status(exchange(PING, host()))).isEqualTo(200);
  }

  /** Two are answered, 32 wait, and the others are refused at once. */
  @Test
  void requestsBeyondWhatCanWaitAreRefused() throws Exception {
    RecentTraces traces = RecentTraces.builder().build();
    CountDownLatch hold = new CountDownLatch(1);
    AtomicInteger answered = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(40);
    try (McpEndpoint endpoint =
        new McpEndpoint(new TraceReports(traces, McpServerFixture.NOW), null, "")) {
      for (int i = 0; i < 40; i++) {
        endpoint.answer(
            PING.getBytes(UTF_8),
            null,
            answer -> {
              if (answer.status() == 503) {
                refused.incrementAndGet();
              } else {
                await(hold);
                answered.incrementAndGet();
              }
              all.countDown();
            });
      }
      assertThat(refused).hasValue(6);
      hold.countDown();
      assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(answered).hasValue(34);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
