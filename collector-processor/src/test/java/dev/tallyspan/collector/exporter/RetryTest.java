package dev.tallyspan.collector.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.StatusCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RetryTest {
  private static final Duration TICK = Duration.ofMillis(1);

  private final Backend backend = new Backend(builder -> {});
  private final ScriptedTransport transport = backend.transport;

  /** Waits for the backend as long as it is down. */
  private final Backend patient = new Backend(builder -> builder.patient(true));

  @Test
  void successIsAnsweredAfterTheBackendAccepted() {
    CompletableFuture<Outcome> answer = backend.send("a", 3);

    assertThat(answer).isNotDone();
    transport.last().accept();

    assertThat(answer).isCompletedWithValue(Outcome.ACCEPTED);
    assertThat(backend.metrics.value("otelcol_exporter_sent_spans")).isEqualTo(3);
  }

  @Test
  void theWaitGrowsFromInitialToMaximumInterval() {
    patient.send("a", 1);
    List<Duration> waits = new ArrayList<>();
    for (int attempt = 1; attempt <= 7; attempt++) {
      patient.transport.last().fail();
      Duration waited = Duration.ZERO;
      while (patient.transport.attempts.size() == attempt) {
        patient.timer.advance(TICK);
        waited = waited.plus(TICK);
      }
      waits.add(waited);
    }

    assertThat(waits)
        .containsExactly(
            Duration.ofSeconds(5),
            Duration.ofMillis(7500),
            Duration.ofMillis(11250),
            Duration.ofMillis(16875),
            Duration.ofMillis(25313), // 25312.5
            Duration.ofSeconds(30),
            Duration.ofSeconds(30));
  }

  @Test
  void jitterSpreadsTheWaitToBothSides() {
    double[] random = {0};
    Backend jittered = new Backend(builder -> builder.patient(true).random = () -> random[0]);
    jittered.send("a", 1);
    jittered.transport.last().fail();
    jittered.timer.advance(Duration.ofMillis(2499));
    assertThat(jittered.transport.attempts).hasSize(1);
    jittered.timer.advance(TICK);
    assertThat(jittered.transport.attempts).hasSize(2);

    random[0] = 0.999999;
    jittered.transport.last().fail();
    jittered.timer.advance(Duration.ofMillis(11_240));
    assertThat(jittered.transport.attempts).hasSize(2);
    jittered.timer.advance(Duration.ofMillis(10));
    assertThat(jittered.transport.attempts).hasSize(3);
  }

  @Test
  void anAttemptAfterMaxElapsedTimeIsNotMade() {
    Backend limited = new Backend(builder -> builder.patient(true).retry(RetrySettings.DEFAULT));
    CompletableFuture<Outcome> answer = limited.send("a", 2);
    Duration elapsed = Duration.ZERO;
    while (!answer.isDone()) {
      if (!limited.transport.last().answer().isDone()) {
        limited.transport.last().fail();
      }
      limited.timer.advance(Duration.ofSeconds(1));
      elapsed = elapsed.plusSeconds(1);
    }

    assertThat(elapsed).isBetween(Duration.ofSeconds(260), Duration.ofSeconds(300));
    assertThat(answer.join()).isEqualTo(ScriptedTransport.DOWN);
    assertThat(limited.metrics.value("otelcol_exporter_send_failed_spans")).isEqualTo(2);
    assertThat(limited.metrics.value("otelcol_exporter_queue_size")).isZero();
  }

  @Test
  void zeroMaxElapsedTimeRetriesForever() {
    RetrySettings forever =
        new RetrySettings(
            true, Duration.ofSeconds(5), 1.5, 0.5, Duration.ofSeconds(30), Duration.ZERO);
    Backend patient = new Backend(builder -> builder.patient(true).retry(forever));
    CompletableFuture<Outcome> answer = patient.send("a", 1);
    for (int hour = 0; hour < 48; hour++) {
      patient.transport.last().fail();
      patient.timer.advance(Duration.ofHours(1));
    }

    assertThat(answer).isNotDone();
    assertThat(patient.transport.attempts).hasSize(49);
  }

  @Test
  void disabledRetryAnswersTheFirstFailure() {
    Backend once = new Backend(builder -> builder.retry(RetrySettings.DISABLED));
    CompletableFuture<Outcome> answer = once.send("a", 1);
    once.transport.last().fail();

    assertThat(answer).isCompletedWithValue(ScriptedTransport.DOWN);
    assertThat(once.metrics.value("otelcol_exporter_send_failed_spans")).isEqualTo(1);
  }

  @Test
  void aRefusalForGoodIsNotRetried() {
    Outcome refusal = Outcome.refused(StatusCode.INVALID_ARGUMENT, "bad");
    CompletableFuture<Outcome> answer = backend.send("a", 4);
    transport.last().answer().complete(refusal);
    backend.timer.advance(Duration.ofHours(1));

    assertThat(answer).isCompletedWithValue(refusal);
    assertThat(transport.attempts).hasSize(1);
    assertThat(backend.metrics.value("otelcol_exporter_send_failed_spans")).isEqualTo(4);
    assertThat(backend.metrics.value("otelcol_exporter_sent_spans")).isZero();
  }

  @Test
  void theBackendsHintIsWaitedFor() {
    patient.send("a", 1);
    patient.transport.last().throttle(Duration.ofSeconds(42));
    patient.timer.advance(Duration.ofMillis(41_999));
    assertThat(patient.transport.attempts).hasSize(1);
    patient.timer.advance(TICK);
    assertThat(patient.transport.attempts).hasSize(2);
  }

  @Test
  void aHintShorterThanTheBackoffDoesNotShortenIt() {
    backend.send("a", 1);
    transport.last().throttle(Duration.ofSeconds(1));
    backend.timer.advance(Duration.ofMillis(4999));
    assertThat(transport.attempts).hasSize(1);
    backend.timer.advance(TICK);
    assertThat(transport.attempts).hasSize(2);
  }

  @Test
  void aThrottledBackendIsLeftAloneByAllRequests() {
    for (int i = 0; i < 10; i++) {
      patient.send("request " + i, 1);
    }
    assertThat(patient.transport.attempts).hasSize(10);
    patient.transport.attempts.get(3).throttle(Duration.ofSeconds(60));
    patient.transport.attempts.forEach(attempt -> attempt.fail());
    patient.timer.advance(Duration.ofMillis(59_999));
    assertThat(patient.transport.attempts).hasSize(10);

    // Then one asks first, and the others follow its success.
    patient.timer.advance(TICK);
    assertThat(patient.transport.attempts).hasSize(11);
    patient.transport.last().accept();
    assertThat(patient.transport.attempts).hasSize(20);
  }

  @Test
  void aBackendThatIsDownIsProbedByOneRequestAtATime() {
    for (int i = 0; i < 50; i++) {
      patient.send("request " + i, 1);
    }
    int tried = 0;
    for (int second = 0; second < 60; second++) {
      for (int i = tried; i < patient.transport.attempts.size(); i++) {
        patient.transport.attempts.get(i).fail();
      }
      tried = patient.transport.attempts.size();
      patient.timer.advance(Duration.ofSeconds(1));
    }

    // Ten under way when it went down, one at once, then 5, 7.5, 11.25, ... seconds apart.
    assertThat(patient.transport.attempts).hasSizeBetween(13, 18);
  }

  @Test
  void oneSuccessOpensTheBackendForAll() {
    List<CompletableFuture<Outcome>> answers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      answers.add(backend.send("request " + i, 1));
    }
    for (int i = 0; i < 10; i++) {
      transport.attempts.get(i).fail();
    }
    assertThat(transport.bodies()).hasSize(11);
    transport.last().accept();
    assertThat(transport.bodies()).hasSize(12);
    transport.last().accept();
    backend.timer.advance(Duration.ofSeconds(5));
    assertThat(transport.attempts).hasSize(22);
    transport.attempts.forEach(attempt -> attempt.accept());

    assertThat(answers).allSatisfy(answer -> assertThat(answer).isDone());
    assertThat(backend.metrics.value("otelcol_exporter_sent_spans")).isEqualTo(12);
  }

  @Test
  void aRequestTheBackendChokesOnDoesNotHoldUpOthers() {
    backend.send("poison", 1);
    ScriptedTransport.Attempt poison = transport.last();
    backend.send("good", 1);
    transport.last().accept();
    poison.fail();
    for (int i = 0; i < 5; i++) {
      backend.send("good", 1);
    }

    // The poison, the good one that got through meanwhile, and all five, not one at a time.
    assertThat(transport.attempts).hasSize(7);
  }

  @Test
  void aPauseLongerThanARequestMayTakeRefusesItAtOnce() {
    CompletableFuture<Outcome> first = backend.send("a", 1);
    CompletableFuture<Outcome> second = backend.send("b", 1);
    transport.attempts.get(0).throttle(Duration.ofHours(1));
    transport.attempts.get(1).fail();
    CompletableFuture<Outcome> third = backend.send("c", 1);

    assertThat(((Outcome.Refused) first.join()).retryAfter()).isEqualTo(Duration.ofHours(1));
    backend.timer.advance(Duration.ofSeconds(5));
    assertThat(((Outcome.Refused) second.join()).code()).isEqualTo(StatusCode.UNAVAILABLE);
    assertThat(third)
        .isCompletedWithValue(
            new Outcome.Refused(
                StatusCode.UNAVAILABLE,
                "exporter otlp_grpc/test: the backend asked for a longer pause",
                Duration.ofHours(1)));
    assertThat(transport.attempts).hasSize(2);
  }
}
