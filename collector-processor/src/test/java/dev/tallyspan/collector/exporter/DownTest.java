package dev.tallyspan.collector.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.StatusCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What senders get from an exporter that is not patient while its backend is down. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DownTest {
  private static final Duration TICK = Duration.ofMillis(1);

  private final Backend backend = new Backend(builder -> {});
  private final ScriptedTransport transport = backend.transport;

  private static Outcome down(int seconds) {
    return new Outcome.Refused(
        StatusCode.UNAVAILABLE,
        "exporter otlp_grpc/test: the backend does not accept at the moment",
        Duration.ofSeconds(seconds));
  }

  /** Two failures in a row: the next attempt is in five seconds. */
  private void goDown() {
    CompletableFuture<Outcome> first = backend.send("first", 1);
    backend.timer.advance(Duration.ofSeconds(1));
    CompletableFuture<Outcome> second = backend.send("second", 1);
    transport.attempts.get(0).fail();
    second.cancel(/* mayInterruptIfRunning= */ false);
    transport.attempts.get(1).fail();
    assertThat(first).isNotDone();
    first.cancel(/* mayInterruptIfRunning= */ false);
    backend.send("third", 1).cancel(/* mayInterruptIfRunning= */ false);
    transport.attempts.get(2).fail();
  }

  @Test
  void senderIsAnsweredAtOnceWithTheTimeOfTheNextAttempt() {
    goDown();
    assertThat(backend.send("a", 1)).isCompletedWithValue(down(5));
    backend.timer.advance(Duration.ofMillis(1500));
    assertThat(backend.send("b", 1)).isCompletedWithValue(down(4));
    backend.timer.advance(Duration.ofMillis(3499));
    assertThat(backend.send("c", 1)).isCompletedWithValue(down(1));

    assertThat(transport.attempts).hasSize(3);
    assertThat(backend.metrics.value("otelcol_exporter_enqueue_failed_spans")).isEqualTo(3);
  }

  @Test
  void firstSenderAfterThePauseIsTheProbeAndTheOthersDoNotWaitForIt() {
    goDown();
    backend.timer.advance(Duration.ofSeconds(5));
    CompletableFuture<Outcome> probe = backend.send("probe", 1);

    assertThat(backend.send("a", 1)).isCompletedWithValue(down(1));
    assertThat(transport.bodies()).endsWith("probe").hasSize(4);
    transport.last().accept();
    assertThat(probe).isCompletedWithValue(Outcome.ACCEPTED);
    assertThat(backend.send("b", 1)).isNotDone();
    assertThat(transport.bodies()).endsWith("b");
  }

  @Test
  void probeThatFailsIsAnsweredAtOnceAndThePauseGrows() {
    goDown();
    backend.timer.advance(Duration.ofSeconds(5));
    CompletableFuture<Outcome> probe = backend.send("probe", 1);
    transport.last().fail();

    assertThat(probe).isCompletedWithValue(down(8));
    backend.timer.advance(Duration.ofMillis(7499));
    assertThat(backend.send("early", 1)).isCompletedWithValue(down(1));
    backend.timer.advance(TICK);
    assertThat(backend.send("next", 1)).isNotDone();
  }

  @Test
  void oneFailureIsNotAnOutage() {
    CompletableFuture<Outcome> failed = backend.send("a", 1);
    transport.last().fail();

    CompletableFuture<Outcome> other = backend.send("b", 1);
    assertThat(transport.bodies()).containsExactly("a", "b");
    transport.last().accept();
    assertThat(other).isCompletedWithValue(Outcome.ACCEPTED);
    backend.timer.advance(Duration.ofSeconds(5));
    transport.last().accept();
    assertThat(failed).isCompletedWithValue(Outcome.ACCEPTED);
  }

  @Test
  void singleSenderIsAnsweredWhenItsRetryFails() {
    CompletableFuture<Outcome> answer = backend.send("a", 1);
    transport.last().fail();
    backend.timer.advance(Duration.ofSeconds(5));
    assertThat(answer).isNotDone();
    transport.last().fail();

    assertThat(answer).isCompletedWithValue(down(5));
    assertThat(backend.metrics.value("otelcol_exporter_queue_size")).isZero();
  }

  @Test
  void requestsThatWaitWhenItBecomesKnownAreAnsweredAlike() {
    List<CompletableFuture<Outcome>> answers = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      answers.add(backend.send("request " + i, 1));
    }
    backend.timer.advance(TICK);
    for (int i = 0; i < 11; i++) {
      transport.attempts.get(i).fail();
    }

    assertThat(answers).allSatisfy(answer -> assertThat(answer).isCompletedWithValue(down(5)));
    assertThat(transport.attempts).hasSize(11);
  }

  @Test
  void requestThatCanBeTriedSoonStaysForFiveSecondsAtMost() {
    Backend quick =
        new Backend(
            builder ->
                builder.retry(
                    new RetrySettings(
                        true,
                        Duration.ofSeconds(1),
                        1,
                        0,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(300))));
    CompletableFuture<Outcome> answer = quick.send("a", 1);
    for (int second = 0; second < 5; second++) {
      assertThat(answer).isNotDone();
      quick.transport.last().fail();
      quick.timer.advance(Duration.ofSeconds(1));
    }
    assertThat(answer).isNotDone();
    quick.transport.last().fail();

    assertThat(answer).isCompletedWithValue(down(1));
    assertThat(quick.transport.attempts).hasSize(6);
  }

  @Test
  void requestThatWaitsForAProbeWithoutAnAnswerIsRefusedAfterFiveSeconds() {
    Backend quick =
        new Backend(
            builder ->
                builder.retry(
                    new RetrySettings(
                        true,
                        Duration.ofSeconds(1),
                        1,
                        0,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(300))));
    quick.send("a", 1);
    CompletableFuture<Outcome> waits = quick.send("b", 1);
    quick.transport.attempts.get(0).fail();
    quick.transport.attempts.get(1).fail();
    quick.send("c", 1);
    quick.transport.last().fail();
    quick.timer.advance(Duration.ofSeconds(1));
    // One of them is sent and gets no answer.
    assertThat(quick.transport.bodies()).containsExactly("a", "b", "c", "a");
    quick.timer.advance(Duration.ofSeconds(4));
    assertThat(waits).isNotDone();
    quick.timer.advance(TICK);

    assertThat(waits).isCompletedWithValue(down(1));
  }

  @Test
  void pauseThatTheBackendAsksForIsPassedOn() {
    CompletableFuture<Outcome> answer = backend.send("a", 1);
    transport.last().throttle(Duration.ofMillis(6300));

    assertThat(answer).isCompletedWithValue(down(7));
    assertThat(backend.send("b", 1)).isCompletedWithValue(down(7));
    backend.timer.advance(Duration.ofMillis(6300));
    assertThat(backend.send("c", 1)).isNotDone();
  }

  @Test
  void largeRequestThatTimesOutIsHalvedAtItsNextAttempt() {
    Outcome late = Outcome.refused(StatusCode.DEADLINE_EXCEEDED, "late");
    JudgingTransport judge =
        new JudgingTransport(names -> Response.of(names.size() > 6 ? late : Outcome.ACCEPTED));
    Backend slow = new Backend(builder -> builder.transport = judge);
    CompletableFuture<Outcome> answer =
        Sending.send(
            slow.exporter,
            dev.tallyspan.collector.flow.Signal.TRACES,
            SpanRequests.request(SpanRequests.names(0, 12), 100_000),
            12);
    slow.timer.advance(Duration.ofSeconds(5));

    assertThat(answer).isCompletedWithValue(Outcome.ACCEPTED);
    assertThat(judge.attempts.stream().map(List::size)).containsExactly(12, 6, 6);
  }

  /** A sender with one span, which gives up after ten seconds and sends it again. */
  private static final class Sender {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Backend backend;
    private final String span;
    private CompletableFuture<Outcome> answer = new CompletableFuture<>();
    private Duration untilNext = Duration.ZERO;
    private int hung;
    boolean delivered;

    Sender(Backend backend, String span) {
      this.backend = backend;
      this.span = span;
      answer.complete(Outcome.refused(StatusCode.UNAVAILABLE, "not sent yet"));
    }

    void tick(Duration passed) {
      if (delivered) {
        return;
      }
      untilNext = untilNext.minus(passed);
      if (answer.isDone() && answer.join() == Outcome.ACCEPTED) {
        delivered = true;
      } else if (answer.isDone() && untilNext.compareTo(Duration.ZERO) <= 0) {
        send();
      } else if (!answer.isDone() && untilNext.compareTo(Duration.ZERO) <= 0) {
        hung++;
        answer.cancel(/* mayInterruptIfRunning= */ false);
        send();
      }
    }

    private void send() {
      untilNext = TIMEOUT;
      answer = backend.send(span, 1);
      answer.whenComplete(
          (outcome, gone) -> {
            if (outcome instanceof Outcome.Refused refused) {
              Duration wait = refused.retryAfter();
              untilNext = wait == null ? Duration.ofSeconds(1) : wait;
            }
          });
    }
  }

  /** The backend refuses connections, or lets every attempt time out. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void after90SecondsOfOutageNoSpanIsDeliveredMoreThanOnce(boolean timesOut) {
    List<Sender> senders = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      senders.add(new Sender(backend, "span " + i));
    }
    Duration step = Duration.ofMillis(100);
    Map<Integer, Duration> open = new HashMap<>();
    int tried = 0;
    Map<String, Integer> delivered = new HashMap<>();
    int attemptsWhileDown = 0;
    for (Duration now = Duration.ZERO; now.toSeconds() < 180; now = now.plus(step)) {
      boolean isDown = now.toSeconds() < 90;
      for (Sender sender : senders) {
        sender.tick(step);
      }
      for (; tried < transport.attempts.size(); tried++) {
        ScriptedTransport.Attempt attempt = transport.attempts.get(tried);
        if (!isDown) {
          delivered.merge(attempt.body(), 1, Integer::sum);
          attempt.accept();
        } else if (timesOut) {
          open.put(tried, now.plusSeconds(5));
        } else {
          attempt.fail();
        }
        attemptsWhileDown += isDown ? 1 : 0;
      }
      for (int i : List.copyOf(open.keySet())) {
        if (open.get(i).compareTo(now) <= 0) {
          open.remove(i);
          transport
              .attempts
              .get(i)
              .answer()
              .complete(Outcome.refused(StatusCode.DEADLINE_EXCEEDED, "late"));
        }
      }
      backend.timer.advance(step);
    }

    assertThat(senders).allSatisfy(sender -> assertThat(sender.delivered).isTrue());
    assertThat(delivered).hasSize(20);
    assertThat(delivered.values()).allSatisfy(copies -> assertThat(copies).isEqualTo(1));
    assertThat(attemptsWhileDown).isLessThan(30);
    assertThat(senders.stream().mapToInt(sender -> sender.hung).sum()).isLessThanOrEqualTo(20);
  }
}
