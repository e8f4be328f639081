package dev.tallyspan.collector.exporter;

import static dev.tallyspan.collector.flow.Outcome.ACCEPTED;
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
class ExportBatchTest {

  private static Backend batching(long minSize, long maxSize, Sizer sizer) {
    return new Backend(
        builder ->
            builder.queue(
                QueueSettings.DEFAULT.withBatch(
                    new BatchSettings(Duration.ofMillis(200), minSize, maxSize, sizer))));
  }

  @Test
  void requestsAreSentTogetherWhenTheirTimeIsUp() {
    Backend backend = batching(100, 0, Sizer.ITEMS);
    CompletableFuture<Outcome> a = backend.send("a", 10);
    backend.timer.advance(Duration.ofMillis(150));
    CompletableFuture<Outcome> b = backend.send("b", 10);
    backend.timer.advance(Duration.ofMillis(49));
    assertThat(backend.transport.attempts).isEmpty();

    backend.timer.advance(Duration.ofMillis(1));

    assertThat(backend.transport.bodies()).containsExactly("ab");
    backend.transport.last().accept();
    assertThat(a).isCompletedWithValue(Outcome.ACCEPTED);
    assertThat(b).isCompletedWithValue(Outcome.ACCEPTED);
    assertThat(backend.metrics.value("otelcol_exporter_sent_spans")).isEqualTo(20);
  }

  @Test
  void aBatchOfMinSizeDoesNotWait() {
    Backend backend = batching(20, 0, Sizer.ITEMS);
    backend.send("a", 10);
    backend.send("b", 10);
    backend.send("c", 1);

    assertThat(backend.transport.bodies()).containsExactly("ab");
  }

  @Test
  void sizesMayCountBytes() {
    Backend backend = batching(4, 0, Sizer.BYTES);
    backend.send("aa", 1);
    backend.send("bb", 1);

    assertThat(backend.transport.bodies()).containsExactly("aabb");
  }

  @Test
  void aBatchDoesNotGrowBeyondMaxSize() {
    Backend backend = batching(8, 10, Sizer.ITEMS);
    backend.send("a", 7);
    backend.send("b", 4);
    assertThat(backend.transport.bodies()).containsExactly("a");

    backend.send("large", 50);

    assertThat(backend.transport.bodies()).containsExactly("a", "b", "large");
  }

  @Test
  void aBatchNeverGrowsBeyond64Mebibytes() {
    Backend backend = batching(1000, 0, Sizer.ITEMS);
    byte[] bytes = new byte[40 << 20];
    Sending.send(backend.exporter, Signal.TRACES, Slices.of(bytes), 1);
    Sending.send(backend.exporter, Signal.TRACES, Slices.of(bytes), 1);

    assertThat(backend.transport.attempts).hasSize(1);
    assertThat(backend.transport.last().body()).hasSize(40 << 20);
  }

  @Test
  void signalsAreNotMixed() {
    Backend backend = batching(100, 0, Sizer.ITEMS);
    backend.send(Signal.TRACES, "t", 1);
    backend.send(Signal.LOGS, "l", 1);
    backend.timer.advance(Duration.ofMillis(200));

    assertThat(backend.transport.bodies()).containsExactlyInAnyOrder("t", "l");
  }

  @Test
  void aBatchIsRetriedAsAWhole() {
    Backend backend = batching(2, 0, Sizer.ITEMS);
    CompletableFuture<Outcome> a = backend.send("a", 1);
    backend.send("b", 1);
    backend.transport.last().fail();
    backend.timer.advance(Duration.ofSeconds(5));
    backend.transport.last().accept();

    assertThat(backend.transport.bodies()).containsExactly("ab", "ab");
    assertThat(a).isCompletedWithValue(Outcome.ACCEPTED);
  }

  @Test
  void aCancelledRequestLeavesItsBatch() {
    Backend backend = batching(100, 0, Sizer.ITEMS);
    backend.send("a", 1);
    CompletableFuture<Outcome> cancelled = backend.send("b", 1);
    backend.send("c", 1);
    cancelled.cancel(/* mayInterruptIfRunning= */ false);
    backend.timer.advance(Duration.ofMillis(200));
    assertThat(backend.transport.bodies()).containsExactly("ac");
  }

  @Test
  void aBatchWhoseSendersAreGoneIsNotSent() {
    Backend backend = batching(100, 0, Sizer.ITEMS);
    backend.send("a", 1).cancel(/* mayInterruptIfRunning= */ false);
    backend.timer.advance(Duration.ofMillis(100));
    backend.send("b", 1);
    backend.timer.advance(Duration.ofMillis(199));
    assertThat(backend.transport.attempts).isEmpty();
    backend.timer.advance(Duration.ofMillis(1));

    assertThat(backend.transport.bodies()).containsExactly("b");
  }

  @Test
  void partialSuccessOfABatchIsAWarningToEachOfItsSenders() {
    Backend backend = batching(20, 0, Sizer.ITEMS);
    CompletableFuture<Outcome> a = backend.send("a", 10);
    CompletableFuture<Outcome> b = backend.send("b", 10);
    backend.transport.last().answer().complete(new Outcome.Partial(3, "theirs"));

    Outcome warning =
        new Outcome.Partial(
            0,
            "exporter otlp_grpc/test: the backend rejected 3 of 20 items of a batch of 2 requests"
                + " with this one");
    assertThat(a).isCompletedWithValue(warning);
    assertThat(b).isCompletedWithValue(warning);
    assertThat(backend.metrics.value("otelcol_exporter_send_failed_spans")).isEqualTo(3);
    assertThat(backend.metrics.value("otelcol_exporter_sent_spans")).isEqualTo(17);
  }

  @Test
  void oneBadRequestDoesNotTakeItsNeighboursDown() {
    Backend backend = batching(5, 0, Sizer.ITEMS);
    List<CompletableFuture<Outcome>> answers = new ArrayList<>();
    for (String body : List.of("a", "b", "BAD", "d", "e")) {
      answers.add(backend.send(body, 1));
    }
    for (int i = 0; i < backend.transport.attempts.size(); i++) {
      ScriptedTransport.Attempt attempt = backend.transport.attempts.get(i);
      attempt
          .answer()
          .complete(
              attempt.body().contains("BAD")
                  ? Outcome.refused(StatusCode.INVALID_ARGUMENT, "bad")
                  : Outcome.ACCEPTED);
    }

    assertThat(backend.transport.bodies()).containsExactly("abBADde", "abBAD", "de", "ab", "BAD");
    assertThat(answers.get(2))
        .isCompletedWithValue(Outcome.refused(StatusCode.INVALID_ARGUMENT, "bad"));
    answers.remove(2);
    assertThat(answers).allSatisfy(answer -> assertThat(answer).isCompletedWithValue(ACCEPTED));
    assertThat(backend.metrics.value("otelcol_exporter_sent_spans")).isEqualTo(4);
    assertThat(backend.metrics.value("otelcol_exporter_send_failed_spans")).isEqualTo(1);
    assertThat(backend.metrics.value("otelcol_exporter_queue_size")).isZero();
  }

  @Test
  void batchThatIsRefusedWhateverIsInItIsNotTakenApart() {
    Backend backend = batching(2, 0, Sizer.ITEMS);
    Outcome refused = Outcome.refused(StatusCode.UNAUTHENTICATED, "key");
    CompletableFuture<Outcome> a = backend.send("a", 1);
    CompletableFuture<Outcome> b = backend.send("b", 1);
    backend.transport.last().answer().complete(refused);

    assertThat(backend.transport.attempts).hasSize(1);
    assertThat(a).isCompletedWithValue(refused);
    assertThat(b).isCompletedWithValue(refused);
  }
}
