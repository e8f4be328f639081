package dev.tallyspan.collector.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.StatusCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CloseTest {
  private static final Outcome UNDELIVERED =
      Outcome.refused(
          StatusCode.UNAVAILABLE, "exporter otlp_grpc/test: was closed before it was delivered");

  @Test
  void anOpenBatchIsSentBeforeItsTime() {
    Backend backend =
        new Backend(
            builder -> builder.queue(QueueSettings.DEFAULT.withBatch(BatchSettings.DEFAULT)));
    CompletableFuture<Outcome> answer = backend.send("a", 3);
    CompletableFuture<Void> closing =
        CompletableFuture.runAsync(() -> backend.exporter.close(Duration.ofSeconds(20)));
    await().until(() -> !backend.transport.attempts.isEmpty());
    backend.transport.last().accept();

    closing.join();
    assertThat(answer).isCompletedWithValue(Outcome.ACCEPTED);
    assertThat(backend.transport.closed).isTrue();
  }

  @Test
  void aRequestThatBacksOffIsTriedOnceMore() {
    Backend backend = new Backend(builder -> {});
    CompletableFuture<Outcome> answer = backend.send("a", 3);
    backend.transport.last().fail();
    CompletableFuture<Void> closing =
        CompletableFuture.runAsync(() -> backend.exporter.close(Duration.ofSeconds(20)));
    await().until(() -> backend.transport.attempts.size() == 2);
    backend.transport.last().accept();

    closing.join();
    assertThat(answer).isCompletedWithValue(Outcome.ACCEPTED);
  }

  @Test
  void whatIsNotDeliveredInTimeIsRefusedAndCounted() {
    Backend backend =
        new Backend(
            builder -> builder.queue(new QueueSettings(true, 1, 10, Sizer.REQUESTS, 0, null)));
    CompletableFuture<Outcome> underWay = backend.send("a", 3);
    CompletableFuture<Outcome> waiting = backend.send("b", 4);
    backend.exporter.close(Duration.ofMillis(1));

    assertThat(underWay).isCompletedWithValue(UNDELIVERED);
    assertThat(waiting).isCompletedWithValue(UNDELIVERED);
    assertThat(backend.metrics.value("otelcol_exporter_send_failed_spans")).isEqualTo(7);

    backend.transport.last().accept();
    assertThat(backend.metrics.value("otelcol_exporter_sent_spans")).isZero();
  }

  @Test
  void nothingIsTakenAfterClosing() {
    Backend backend = new Backend(builder -> {});
    backend.exporter.close();
    backend.exporter.close();

    assertThat(backend.send("a", 3))
        .isCompletedWithValue(
            Outcome.refused(StatusCode.UNAVAILABLE, "exporter otlp_grpc/test: is closing"));
    assertThat(backend.metrics.value("otelcol_exporter_enqueue_failed_spans")).isEqualTo(3);
  }
}
