package dev.tallyspan.collector.output.budget;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.collector.SilentLogs;
import dev.tallyspan.collector.telemetry.OwnMetrics;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SilentLogs.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WebhookTest {

  private static final Alert CROSSED =
      new Alert.Crossed(
          Instant.parse("2026-11-27T12:00:00Z"),
          "per-user",
          "user.id",
          "b7c5a1",
          0.8,
          41.5,
          50,
          "USD",
          Duration.ofHours(24));

  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private final OwnMetrics metrics = OwnMetrics.create();
  private HttpServer server;
  private volatile List<Integer> statuses = List.of();
  private volatile boolean blocks;
  private Webhook webhook;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext(
        "/hook",
        exchange -> {
          int attempt = bodies.size();
          try (InputStream body = exchange.getRequestBody()) {
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("x-key")));
            bodies.add(new String(body.readAllBytes(), UTF_8));
          }
          if (blocks) {
            try {
              release.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          exchange.sendResponseHeaders(attempt < statuses.size() ? statuses.get(attempt) : 200, -1);
          exchange.close();
        });
    server.start();
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
    webhook =
        new Webhook(
            url,
            Map.of("x-key", "k"),
            Duration.ofSeconds(60),
            /* waiting= */ 1,
            metrics.meter("t"));
  }

  @AfterEach
  void stop() {
    release.countDown();
    webhook.close(Duration.ofSeconds(2));
    server.stop(0);
  }

  @Test
  void alertIsPostedAsJson() {
    webhook.send(CROSSED);

    await().until(() -> bodies.size() == 1);
    assertThat(bodies.get(0))
        .isEqualTo(
            "{\"type\":\"budget\",\"budget\":\"per-user\",\"key_name\":\"user.id\",\"key\":\"b7c5a1\","
                + "\"threshold\":0.8,\"spend\":41.5,\"limit\":50.0,\"currency\":\"USD\","
                + "\"window_seconds\":86400,\"time\":\"2026-11-27T12:00:00Z\","
                + "\"text\":\"Tallyspan: budget per-user: user.id b7c5a1 spent 41.5 of 50 USD in"
                + " 24h, which reaches 80%\"}");
    assertThat(keys).containsExactly("k");
  }

  @Test
  void failedAttemptIsRepeatedOnce() {
    statuses = List.of(500);
    webhook.send(CROSSED);

    await().untilAsserted(() -> assertThat(result("sent")).isEqualTo(1));
    assertThat(bodies).hasSize(2);
  }

  @Test
  void alertThatFailsTwiceIsCounted() {
    statuses = List.of(500, 500);
    webhook.send(CROSSED);

    await().untilAsserted(() -> assertThat(result("failed")).isEqualTo(1));
    assertThat(bodies).hasSize(2);
  }

  @Test
  void slowReceiverDoesNotBlockTheSender() {
    blocks = true;
    webhook.send(CROSSED);
    await().until(() -> bodies.size() == 1);

    webhook.send(CROSSED); // waits
    webhook.send(CROSSED);

    assertThat(result("dropped")).isEqualTo(1);
  }

  private long result(String result) {
    return metrics
        .prometheusText()
        .lines()
        .filter(line -> line.startsWith("tallyspan_alerts_total{") && line.contains(result))
        .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(0);
  }
}
