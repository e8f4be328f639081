package dev.tallyspan.collector.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.StatusCode;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExporterLogTest {
  private static final Logger LOGGER = Logger.getLogger("dev.tallyspan.collector.exporter");

  private final List<String> lines = new ArrayList<>();
  private final Thread thread = Thread.currentThread();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          // Exporters of earlier tests may still log, on threads of theirs.
          if (Thread.currentThread() == thread) {
            lines.add(
                line.getLevel()
                    + " "
                    + MessageFormat.format(line.getMessage(), line.getParameters()));
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
  private final Backend backend = new Backend(builder -> builder.header("key", "secret"));

  @BeforeEach
  void listen() {
    LOGGER.addHandler(handler);
  }

  @AfterEach
  void stopListening() {
    LOGGER.removeHandler(handler);
  }

  @Test
  void aBackendThatGoesDownAndComesBackIsOneLineEach() {
    Backend patient = new Backend(builder -> builder.patient(true));
    patient.send("prompt", 1);
    for (int i = 0; i < 3; i++) {
      patient.transport.last().fail();
      patient.timer.advance(Duration.ofSeconds(30));
    }
    patient.transport.last().accept();

    assertThat(lines)
        .containsExactly(
            "WARNING exporter otlp_grpc/test: backend does not accept (UNAVAILABLE); requests wait"
                + " for it",
            "INFO exporter otlp_grpc/test: backend accepts again after 90 s");
  }

  @Test
  void sendersThatDoNotWaitAreMentioned() {
    backend.send("prompt", 1);
    backend.transport.last().fail();

    assertThat(lines)
        .containsExactly(
            "WARNING exporter otlp_grpc/test: backend does not accept (UNAVAILABLE); senders are told"
                + " to retry");
  }

  @Test
  void aBackendThatFlapsDoesNotFloodTheLog() {
    for (int i = 0; i < 20; i++) {
      backend.send("prompt", 1);
      backend.transport.last().fail();
      backend.timer.advance(Duration.ofSeconds(5));
      backend.transport.last().accept();
    }

    assertThat(lines).hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void rejectionsAreSummedUpOnceAMinute() {
    for (int i = 0; i < 10; i++) {
      backend.send("prompt", 7);
      backend
          .transport
          .last()
          .answer()
          .complete(Outcome.refused(StatusCode.INVALID_ARGUMENT, "what the prompt said"));
      backend.timer.advance(Duration.ofSeconds(7));
    }

    assertThat(lines)
        .containsExactly(
            "WARNING exporter otlp_grpc/test: not delivered: 7 items since the last such message, now"
                + " spans (INVALID_ARGUMENT)",
            "WARNING exporter otlp_grpc/test: not delivered: 63 items since the last such message, now"
                + " spans (INVALID_ARGUMENT)");
  }

  @Test
  void aWrongKeyIsLoggedWithItsCodeWhenAPatientExporterWaits() {
    Backend patient = new Backend(builder -> builder.patient(true));
    patient.send("prompt", 1);
    patient
        .transport
        .last()
        .answer()
        .complete(Outcome.refused(StatusCode.UNAUTHENTICATED, "what the backend said"));

    assertThat(lines)
        .containsExactly(
            "WARNING exporter otlp_grpc/test: backend does not accept (UNAUTHENTICATED); requests"
                + " wait for it");
  }

  @Test
  void aLimitIsLoggedWhenItIsLearned() {
    Response tooLarge =
        Response.tooLarge(
            new Outcome.Refused(StatusCode.RESOURCE_EXHAUSTED, "what the backend said", null), 60);
    JudgingTransport transport =
        new JudgingTransport(names -> names.size() > 3 ? tooLarge : Response.of(Outcome.ACCEPTED));
    Backend limited = new Backend(builder -> builder.transport = transport);
    limited.send(SpanRequests.names(0, 9));
    limited.send(SpanRequests.names(0, 9));

    assertThat(lines)
        .containsExactly(
            "INFO exporter otlp_grpc/test: backend refuses large requests; those over 60 bytes are"
                + " split");
  }
}
