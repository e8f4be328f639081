package dev.tallyspan.collector.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tallyspan.collector.otlp.Outcome;
import dev.tallyspan.collector.otlp.Signal;
import dev.tallyspan.collector.otlp.StatusCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FanOutTest {
  private static final Outcome BAD = Outcome.refused(StatusCode.INVALID_ARGUMENT, "bad");

  private final Backend jaeger = new Backend(builder -> builder.retry(RetrySettings.DISABLED));
  private final Backend langfuse = new Backend(builder -> builder.retry(RetrySettings.DISABLED));
  private final FanOut fanOut = new FanOut(List.of(jaeger.destination, langfuse.destination));

  private CompletableFuture<Outcome> send() {
    return fanOut.send(Signal.TRACES, Backend.slices("body"), 5);
  }

  private Outcome outcome(Outcome first, Outcome second) {
    // Past the pause that an earlier answer may have asked for.
    jaeger.timer.advance(Duration.ofMinutes(1));
    langfuse.timer.advance(Duration.ofMinutes(1));
    CompletableFuture<Outcome> answer = send();
    jaeger.transport.last().answer().complete(first);
    assertThat(answer).isNotDone();
    langfuse.transport.last().answer().complete(second);
    return answer.join();
  }

  @Test
  void acceptedWhenAllAccepted() {
    assertThat(outcome(Outcome.ACCEPTED, Outcome.ACCEPTED)).isEqualTo(Outcome.ACCEPTED);
    assertThat(jaeger.transport.bodies()).containsExactly("body");
    assertThat(langfuse.transport.bodies()).containsExactly("body");
  }

  @Test
  void unavailableWhenOneMayAcceptLater() {
    Outcome later = new Outcome.Refused(StatusCode.UNAVAILABLE, "busy", Duration.ofSeconds(9));
    Outcome exhausted =
        new Outcome.Refused(StatusCode.RESOURCE_EXHAUSTED, "quota", Duration.ofSeconds(4));

    assertThat(outcome(Outcome.ACCEPTED, later)).isEqualTo(later);
    assertThat(outcome(exhausted, later))
        .isEqualTo(new Outcome.Refused(StatusCode.UNAVAILABLE, "quota", Duration.ofSeconds(9)));
    assertThat(outcome(later, BAD)).isEqualTo(later);
  }

  @Test
  void aWarningWhenSomeRefusedForGood() {
    assertThat(outcome(Outcome.ACCEPTED, BAD))
        .isEqualTo(new Outcome.Partial(0, "1 of 2 destinations refused: bad"));
  }

  @Test
  void refusedWhenAllRefusedForGood() {
    assertThat(outcome(BAD, Outcome.refused(StatusCode.UNAUTHENTICATED, "key"))).isEqualTo(BAD);
  }

  @Test
  void partialAsTheOneThatRejectedMost() {
    assertThat(outcome(new Outcome.Partial(2, ""), new Outcome.Partial(4, "")))
        .isEqualTo(
            new Outcome.Partial(4, "exporter otlp_grpc/test: the backend rejected 4 of 5 items"));
  }

  @Test
  void aSlowDestinationDoesNotHoldUpAnother() {
    for (int i = 0; i < 100; i++) {
      send();
      langfuse.transport.last().accept();
    }

    assertThat(langfuse.metrics.value("otelcol_exporter_sent_spans")).isEqualTo(500);
    assertThat(jaeger.transport.attempts).hasSize(10);
  }

  @Test
  void cancellingTakesTheRequestOutOfAllQueues() {
    for (int i = 0; i < 10; i++) {
      send();
    }
    CompletableFuture<Outcome> answer = send();
    assertThat(jaeger.metrics.value("otelcol_exporter_queue_size")).isEqualTo(11);
    answer.cancel(/* mayInterruptIfRunning= */ false);

    assertThat(jaeger.metrics.value("otelcol_exporter_queue_size")).isEqualTo(10);
    assertThat(langfuse.metrics.value("otelcol_exporter_queue_size")).isEqualTo(10);
  }

  @Test
  void closesAllDestinations() {
    fanOut.close(Duration.ZERO);

    assertThat(jaeger.transport.closed).isTrue();
    assertThat(langfuse.transport.closed).isTrue();
  }

  @Test
  void needsADestination() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FanOut(List.of()))
        .withMessage("destinations=[]: at least one is needed");
  }
}
