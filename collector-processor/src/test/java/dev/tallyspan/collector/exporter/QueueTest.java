package dev.tallyspan.collector.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.Slices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QueueTest {

  private static Backend queue(long size, Sizer sizer, long maxBytes) {
    return new Backend(
        builder -> builder.queue(new QueueSettings(true, 2, size, sizer, maxBytes, null)));
  }

  @Test
  void noMoreRequestsThanConsumersAreUnderWay() {
    Backend backend = queue(100, Sizer.REQUESTS, 0);
    for (int i = 0; i < 5; i++) {
      backend.send("request " + i, 1);
    }
    assertThat(backend.transport.bodies()).containsExactly("request 0", "request 1");
    assertThat(backend.metrics.value("otelcol_exporter_in_flight_requests")).isEqualTo(2);

    backend.transport.attempts.get(1).accept();

    assertThat(backend.transport.bodies()).endsWith("request 2").hasSize(3);
    assertThat(backend.metrics.value("otelcol_exporter_in_flight_requests")).isEqualTo(2);
  }

  @Test
  void aFullQueueRefusesAndSaysWhenToComeAgain() {
    Backend backend = queue(3, Sizer.REQUESTS, 0);
    List<CompletableFuture<Outcome>> answers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      answers.add(backend.send("request " + i, 7));
    }

    assertThat(answers.get(3))
        .isCompletedWithValue(
            new Outcome.Refused(
                StatusCode.UNAVAILABLE,
                "exporter otlp_grpc/test: the queue is full",
                Duration.ofSeconds(1)));
    assertThat(backend.metrics.value("otelcol_exporter_enqueue_failed_spans")).isEqualTo(7);
    assertThat(backend.metrics.value("otelcol_exporter_queue_size")).isEqualTo(3);
    assertThat(backend.metrics.value("otelcol_exporter_queue_capacity")).isEqualTo(3);

    backend.transport.last().accept();
    assertThat(backend.send("again", 7)).isNotDone();
  }

  @Test
  void aFullQueueBeforeAThrottledBackendSaysItsHint() {
    Backend backend = queue(2, Sizer.REQUESTS, 0);
    backend.send("a", 1);
    backend.send("b", 1);
    backend.transport.last().throttle(Duration.ofSeconds(20));

    Outcome.Refused refused = (Outcome.Refused) backend.send("c", 1).join();

    assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void itemsAreCountedWhenTheSizerSaysSo() {
    Backend backend = queue(10, Sizer.ITEMS, 0);
    backend.send("a", 6);

    assertThat(backend.send("b", 5)).isDone();
    assertThat(backend.send("c", 4)).isNotDone();
    assertThat(backend.metrics.value("otelcol_exporter_queue_size")).isEqualTo(10);
  }

  @Test
  void bytesAreLimitedWhateverTheSizer() {
    Backend backend = queue(1000, Sizer.REQUESTS, 10);
    backend.send("123456", 1);

    assertThat(backend.send("12345", 1)).isDone();
    assertThat(backend.send("1234", 1)).isNotDone();
  }

  @Test
  void aRequestLargerThanTheQueueFitsWhenItIsEmpty() {
    Backend backend = queue(10, Sizer.ITEMS, 0);

    assertThat(backend.send("a", 11)).isNotDone();
    assertThat(backend.send("b", 1)).isDone();
    backend.transport.last().accept();
    assertThat(backend.send("b", 1)).isNotDone();
  }

  @Test
  void withoutAQueueRequestsAreSentAsTheyCome() {
    Backend backend =
        new Backend(
            builder -> builder.queue(new QueueSettings(false, 1, 1, Sizer.REQUESTS, 0, null)));
    for (int i = 0; i < 50; i++) {
      backend.send("a", 1);
    }

    assertThat(backend.transport.attempts).hasSize(50);
  }

  @Test
  void aRequestOfMoreThan64MebibytesThatCannotBeSplitIsRefusedForGood() {
    Backend backend = queue(10, Sizer.REQUESTS, 0);
    Slices large = new Slices();
    byte[] mebibyte = new byte[1 << 20];
    for (int i = 0; i < 64; i++) {
      large.add(mebibyte, 0, mebibyte.length);
    }
    assertThat(Sending.send(backend.exporter, Signal.TRACES, large, 1)).isNotDone();
    large.add(new byte[1], 0, 1);

    assertThat(Sending.send(backend.exporter, Signal.TRACES, large, 3))
        .isCompletedWithValue(
            Outcome.refused(
                StatusCode.RESOURCE_EXHAUSTED,
                "exporter otlp_grpc/test: 67108865 bytes that cannot be split are more than the"
                    + " limit of 67108864 bytes"));
    assertThat(backend.metrics.value("otelcol_exporter_send_failed_spans")).isEqualTo(3);
  }

  @Test
  void anEmptyRequestIsAcceptedWithoutBeingSent() {
    Backend backend = queue(10, Sizer.REQUESTS, 0);

    assertThat(backend.send("", 0)).isCompletedWithValue(Outcome.ACCEPTED);
    assertThat(backend.transport.attempts).isEmpty();
  }

  @Test
  void aCancelledRequestIsNotSent() {
    Backend backend = queue(10, Sizer.REQUESTS, 0);
    backend.send("a", 1);
    backend.send("b", 1);
    CompletableFuture<Outcome> cancelled = backend.send("c", 1);
    backend.send("d", 1);
    cancelled.cancel(/* mayInterruptIfRunning= */ false);
    backend.transport.attempts.get(0).accept();
    backend.transport.attempts.get(1).accept();

    assertThat(backend.transport.bodies()).containsExactly("a", "b", "d");
    assertThat(backend.metrics.value("otelcol_exporter_queue_size")).isEqualTo(1);
  }

  @Test
  void aRequestCancelledOnItsWayIsDeliveredButNotRetried() {
    Backend backend = queue(10, Sizer.REQUESTS, 0);
    backend.send("delivered", 2).cancel(/* mayInterruptIfRunning= */ false);
    backend.transport.last().accept();
    assertThat(backend.metrics.value("otelcol_exporter_sent_spans")).isEqualTo(2);

    backend.send("failing", 2).cancel(/* mayInterruptIfRunning= */ false);
    backend.transport.last().fail();
    backend.timer.advance(Duration.ofMinutes(10));

    assertThat(backend.transport.attempts).hasSize(2);
    assertThat(backend.metrics.value("otelcol_exporter_queue_size")).isZero();
  }

  @Test
  void aRequestCancelledWhileItBacksOffIsNotRetried() {
    Backend backend = queue(10, Sizer.REQUESTS, 0);
    CompletableFuture<Outcome> answer = backend.send("a", 1);
    backend.transport.last().fail();
    answer.cancel(/* mayInterruptIfRunning= */ false);
    backend.timer.advance(Duration.ofMinutes(10));

    assertThat(backend.transport.attempts).hasSize(1);
    assertThat(backend.metrics.value("otelcol_exporter_queue_size")).isZero();
  }

  @Test
  void signalsAreCountedUnderTheirNames() {
    Backend backend = queue(10, Sizer.REQUESTS, 0);
    backend.send(Signal.LOGS, "a", 2);
    backend.transport.last().accept();
    backend.send(Signal.METRICS, "b", 3);
    backend.transport.last().accept();

    assertThat(backend.metrics.value("otelcol_exporter_sent_log_records")).isEqualTo(2);
    assertThat(backend.metrics.value("otelcol_exporter_sent_metric_points")).isEqualTo(3);
  }

  @Test
  void partlyRejectedItemsAreCountedAsFailed() {
    Backend backend = queue(10, Sizer.REQUESTS, 0);
    CompletableFuture<Outcome> answer = backend.send("a", 10);
    backend.transport.last().answer().complete(new Outcome.Partial(4, "theirs"));

    assertThat(answer)
        .isCompletedWithValue(
            new Outcome.Partial(4, "exporter otlp_grpc/test: the backend rejected 4 of 10 items"));
    assertThat(backend.metrics.value("otelcol_exporter_sent_spans")).isEqualTo(6);
    assertThat(backend.metrics.value("otelcol_exporter_send_failed_spans")).isEqualTo(4);
  }

  @Test
  void aWarningOfTheBackendIsSuccess() {
    Backend backend = queue(10, Sizer.REQUESTS, 0);
    CompletableFuture<Outcome> answer = backend.send("a", 10);
    backend.transport.last().answer().complete(new Outcome.Partial(0, "deprecated"));

    assertThat(answer).isCompletedWithValue(Outcome.ACCEPTED);
  }
}
