package dev.tallyspan.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallyspan.collector.conformance.HttpBackend.Answer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several backends, acknowledgements, and the end of the server. */
class DestinationsTest {

  private static final byte[] CHAT = Requests.of(Requests.chat()).toByteArray();

  private final CountDownLatch released = new CountDownLatch(1);
  @TempDir private Path directory;
  private HttpBackend fast;
  private HttpBackend slow;
  private StartedCollector collector;

  @BeforeEach
  void startBackends() throws Exception {
    fast = new HttpBackend();
    slow = new HttpBackend();
    slow.rule =
        arrival -> released.await(60, TimeUnit.SECONDS) ? Answer.ACCEPTED : Answer.status(400);
  }

  @AfterEach
  void close() {
    released.countDown();
    collector.close();
    fast.close();
    slow.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "memory"})
  @Item(54)
  void slowBackendDoesNotDelayAnother(String queue) throws Exception {
    start(queue);
    List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      answers.add(collector.postAsync(CHAT));
    }

    await().until(() -> fast.arrivals.size() == 30);
    assertThat(released.getCount()).isEqualTo(1);
    released.countDown();

    for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
      assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
    await().until(() -> slow.arrivals.size() == 30);
  }

  @Test
  @Item(56)
  void senderIsAnsweredWhenAllBackendsHaveAccepted() throws Exception {
    start("direct");
    CompletableFuture<HttpResponse<byte[]>> answer = collector.postAsync(CHAT);
    await().until(() -> fast.arrivals.size() == 1 && slow.arrivals.size() == 1);

    assertThat(answer).isNotDone();
    released.countDown();

    assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  @Item(56)
  void senderIsAnsweredWhenTheRequestIsOnDisk() throws Exception {
    start("durable");

    assertThat(collector.post(CHAT).statusCode()).isEqualTo(200);

    assertThat(released.getCount()).isEqualTo(1);
  }

  @Test
  @Item(55)
  void serverThatClosesWaitsForPendingAcknowledgements() throws Exception {
    start("direct");
    CompletableFuture<HttpResponse<byte[]>> answer = collector.postAsync(CHAT);
    await().until(() -> slow.arrivals.size() == 1);
    CompletableFuture<Void> closed =
        CompletableFuture.runAsync(
            // Not in the common pool, whose only thread may be the one that responses need.
            () -> collector.stop(Duration.ofSeconds(30)), task -> new Thread(task).start());
    released.countDown();

    assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    closed.get(60, TimeUnit.SECONDS);
    assertThat(slow.arrivals).hasSize(1);
  }

  @Test
  @Item(55)
  void serverThatDoesNotWaitCountsWhatItDidNotDeliver() throws Exception {
    start("direct");
    CompletableFuture<HttpResponse<byte[]>> answer = collector.postAsync(CHAT);
    await().until(() -> slow.arrivals.size() == 1 && fast.arrivals.size() == 1);

    collector.stop(Duration.ofSeconds(1));

    assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
    assertThat(collector.metrics.prometheusText())
        .containsPattern(
            "otelcol_exporter_send_failed_spans(_total)?\\{[^}]*exporter=\"otlp_http/slow\"[^}]*} 1");
  }

  private void start(String queue) throws Exception {
    collector =
        new StartedCollector(
            directory,
            """
            exporters:
              otlp_http/fast: {endpoint: %s}
              otlp_http/slow: {endpoint: %s}
            storage: {directory: "%s"}
            service:
              pipelines:
                traces:
                  receivers: [otlp]
                  exporters: [otlp_http/fast, otlp_http/slow]
                  queue: %s
            """
                .formatted(fast.url(), slow.url(), directory.resolve("data"), queue));
  }
}
