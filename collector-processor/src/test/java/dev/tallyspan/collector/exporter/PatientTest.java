package dev.tallyspan.collector.exporter;

import static dev.tallyspan.collector.exporter.SpanRequests.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PatientTest {

  private static Backend patient(Consumer<OtlpExporter.Builder> settings) {
    return new Backend(
        builder -> {
          builder.patient(true);
          settings.accept(builder);
        });
  }

  @Test
  void moreRequestsThanTheQueueHoldsAreAccepted() {
    Backend backend =
        patient(builder -> builder.queue(new QueueSettings(true, 1, 2, Sizer.REQUESTS, 3, null)));
    List<CompletableFuture<Outcome>> answers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      answers.add(backend.send("body", 1));
    }
    assertThat(answers).allSatisfy(answer -> assertThat(answer).isNotDone());
    for (int i = 0; i < 10; i++) {
      backend.transport.last().accept();
    }

    assertThat(answers)
        .allSatisfy(answer -> assertThat(answer).isCompletedWithValue(Outcome.ACCEPTED));
    assertThat(backend.transport.attempts).hasSize(10);
  }

  @Test
  void backendThatIsDownForDaysGetsEveryRequestOnceWhenItIsUp() {
    Backend backend = patient(builder -> {});
    List<CompletableFuture<Outcome>> answers = new ArrayList<>();
    int tried = 0;
    for (int hour = 0; hour < 72; hour++) {
      answers.add(backend.send("request " + hour, 1));
      for (int minute = 0; minute < 60; minute++) {
        for (; tried < backend.transport.attempts.size(); tried++) {
          backend.transport.attempts.get(tried).fail();
        }
        backend.timer.advance(Duration.ofMinutes(1));
      }
    }
    assertThat(answers).allSatisfy(answer -> assertThat(answer).isNotDone());

    int down = tried;
    for (int second = 0; second < 60; second++) {
      for (; tried < backend.transport.attempts.size(); tried++) {
        backend.transport.attempts.get(tried).accept();
      }
      backend.timer.advance(Duration.ofSeconds(1));
    }
    assertThat(answers)
        .allSatisfy(answer -> assertThat(answer).isCompletedWithValue(Outcome.ACCEPTED));
    assertThat(backend.transport.bodies().subList(down, tried)).doesNotHaveDuplicates().hasSize(72);
    assertThat(backend.metrics.value("otelcol_exporter_sent_spans")).isEqualTo(72);
    assertThat(backend.metrics.value("otelcol_exporter_send_failed_spans")).isZero();
  }

  @Test
  void pauseThatTheBackendAsksForIsWaitedForHoweverLong() {
    Backend backend = patient(builder -> {});
    CompletableFuture<Outcome> first = backend.send("a", 1);
    backend.transport.last().throttle(Duration.ofHours(3));
    CompletableFuture<Outcome> second = backend.send("b", 1);
    backend.timer.advance(Duration.ofHours(3).minusMillis(1));
    assertThat(backend.transport.attempts).hasSize(1);
    backend.timer.advance(Duration.ofMillis(1));
    backend.transport.last().accept();
    backend.transport.last().accept();

    assertThat(first).isCompletedWithValue(Outcome.ACCEPTED);
    assertThat(second).isCompletedWithValue(Outcome.ACCEPTED);
  }

  @ParameterizedTest
  @EnumSource(
      value = StatusCode.class,
      names = {"UNAUTHENTICATED", "PERMISSION_DENIED", "UNIMPLEMENTED"})
  void wrongKeyOrAddressIsWaitedOut(StatusCode code) {
    Backend backend = patient(builder -> {});
    CompletableFuture<Outcome> answer = backend.send("a", 1);
    for (int attempt = 1; attempt <= 20; attempt++) {
      assertThat(backend.transport.attempts).hasSize(attempt);
      backend.transport.last().answer().complete(Outcome.refused(code, "no"));
      assertThat(backend.exporter.queue.failing()).isTrue();
      backend.timer.advance(Duration.ofSeconds(30));
    }
    backend.transport.last().accept();

    assertThat(answer).isCompletedWithValue(Outcome.ACCEPTED);
  }

  @Test
  void invalidRequestIsStillRefused() {
    Backend backend = patient(builder -> {});
    CompletableFuture<Outcome> answer = backend.send("a", 1);
    backend.transport.last().answer().complete(JudgingTransport.INVALID);

    assertThat(answer).isCompletedWithValue(JudgingTransport.INVALID);
  }

  @Test
  void partOfARequestIsRetriedForAsLongAsItTakes() {
    Backend backend =
        patient(builder -> builder.maxRequestBytes(SpanRequests.request(names(0, 2)).size()));
    CompletableFuture<Outcome> answer = backend.send(names(0, 3));
    backend.transport.last().accept();
    for (int attempt = 0; attempt < 100; attempt++) {
      backend.transport.last().fail();
      backend.timer.advance(Duration.ofMinutes(1));
    }
    backend.transport.last().accept();

    assertThat(answer).isCompletedWithValue(Outcome.ACCEPTED);
  }

  @Test
  void maximumTimeThatIsConfiguredIsHonoured() {
    Backend backend = patient(builder -> builder.retry(RetrySettings.DEFAULT));
    CompletableFuture<Outcome> answer = backend.send("a", 1);
    for (int minute = 0; minute < 6; minute++) {
      backend.transport.last().fail();
      backend.timer.advance(Duration.ofMinutes(1));
    }

    assertThat(answer).isCompletedWithValue(ScriptedTransport.DOWN);
  }

  @Test
  void disabledRetryIsHonoured() {
    Backend backend = patient(builder -> builder.retry(RetrySettings.DISABLED));
    CompletableFuture<Outcome> answer = backend.send("a", 1);
    backend.transport.last().fail();

    assertThat(answer).isCompletedWithValue(ScriptedTransport.DOWN);
  }

  @Test
  void whatIsPendingWhenItClosesIsRefusedAsRetryable() {
    Backend backend = patient(builder -> {});
    CompletableFuture<Outcome> answer = backend.send("a", 1);
    Outcome.Refused key = new Outcome.Refused(StatusCode.UNAUTHENTICATED, "no", null);
    backend.transport.last().answer().complete(key);
    backend.exporter.close(Duration.ZERO);

    assertThat(answer)
        .isCompletedWithValue(
            Outcome.refused(
                StatusCode.UNAVAILABLE,
                "exporter otlp_grpc/test: was closed before it was delivered"));
  }

  @Test
  void signalWithoutEndpointIsRefusedForGood() {
    try (OtlpExporter exporter =
        OtlpExporter.builder("otlp_http", Protocol.HTTP_PROTOBUF)
            .endpoint(Signal.TRACES, "http://localhost:1/traces")
            .patient(true)
            .build()) {
      Outcome outcome = Sending.send(exporter, Signal.LOGS, Backend.slices("body"), 1).join();

      assertThat(outcome)
          .isEqualTo(
              Outcome.refused(
                  StatusCode.UNIMPLEMENTED, "exporter otlp_http: has no endpoint for logs"));
    }
  }
}
