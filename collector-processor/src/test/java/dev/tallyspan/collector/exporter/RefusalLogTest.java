package dev.tallyspan.collector.exporter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.rpc.Status;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real backends that explain their refusals. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RefusalLogTest {
  private static final Logger LOGGER = Logger.getLogger("dev.tallyspan.collector.exporter");
  private static final String PROMPT = "Tell me how tall the tower is.\nPlease.";
  private static final String KEY = "sk-lf-0123456789";

  private final List<String> debug = new CopyOnWriteArrayList<>();
  private final List<String> above = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          // Exporters of earlier tests may still log.
          Object[] parameters = line.getParameters();
          if (parameters == null
              || !List.of("otlp/refusals", "otlp_grpc/test").contains(parameters[0])) {
            return;
          }
          String text = MessageFormat.format(line.getMessage(), line.getParameters());
          (line.getLevel().intValue() <= Level.FINE.intValue() ? debug : above).add(text);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    handler.setLevel(Level.ALL);
    LOGGER.addHandler(handler);
    LOGGER.setLevel(Level.FINE);
  }

  @AfterEach
  void stopListening() {
    LOGGER.removeHandler(handler);
    LOGGER.setLevel(null);
  }

  private static OtlpExporter exporter(Protocol protocol, int port) {
    return OtlpExporter.builder("otlp/refusals", protocol)
        .endpoint("http://localhost:" + port)
        .header("authorization", "Bearer " + KEY)
        .retry(RetrySettings.DISABLED)
        .build();
  }

  private static Outcome send(OtlpExporter exporter) throws Exception {
    return Sending.send(exporter, Signal.TRACES, Slices.of(PROMPT.getBytes(UTF_8)), 1)
        .get(60, TimeUnit.SECONDS);
  }

  private String httpLine(HttpSink.Answer answer) throws Exception {
    try (HttpSink sink = new HttpSink();
        OtlpExporter exporter = exporter(Protocol.HTTP_PROTOBUF, sink.port())) {
      sink.rule = body -> answer;
      send(exporter);
      return debugLine();
    }
  }

  private String grpcLine(GrpcSink.Answer answer) throws Exception {
    try (GrpcSink sink = new GrpcSink();
        OtlpExporter exporter = exporter(Protocol.GRPC, sink.port())) {
      sink.rule = body -> answer;
      send(exporter);
      return debugLine();
    }
  }

  private String debugLine() {
    await().until(() -> !debug.isEmpty());
    assertThat(debug).hasSize(1);
    return debug.get(0);
  }

  private static HttpSink.Answer answer(int status, String type, String body) {
    return new HttpSink.Answer(status, Map.of("Content-Type", type), body.getBytes(UTF_8));
  }

  @Test
  void messageOfAProtobufStatus() throws Exception {
    byte[] status =
        Status.newBuilder().setCode(3).setMessage("no such project").build().toByteArray();
    HttpSink.Answer answer =
        new HttpSink.Answer(400, Map.of("Content-Type", "application/x-protobuf"), status);

    assertThat(httpLine(answer))
        .isEqualTo("exporter otlp/refusals: traces: HTTP 400: no such project");
  }

  @Test
  void messageOfAJsonBody() throws Exception {
    assertThat(httpLine(answer(401, "application/json", "{\"code\":16,\"message\":\"wrong key\"}")))
        .isEqualTo("exporter otlp/refusals: traces: HTTP 401: wrong key");
  }

  @Test
  void messageInAnErrorObject() throws Exception {
    String body = "{\"error\":{\"type\":\"quota\",\"message\":\"used up\"}}";
    assertThat(httpLine(answer(429, "application/json; charset=utf-8", body)))
        .isEqualTo("exporter otlp/refusals: traces: HTTP 429: used up");
  }

  @Test
  void anyOtherBodyIsShownOnOneLineUpTo200Characters() throws Exception {
    String line = httpLine(answer(400, "text/plain", "a\r\nb\u001b[31m\u2028c" + "d".repeat(300)));

    assertThat(line)
        .isEqualTo("exporter otlp/refusals: traces: HTTP 400: a  b [31m c" + "d".repeat(189));
  }

  @Test
  void bodyWithoutAMessage() throws Exception {
    assertThat(httpLine(HttpSink.Answer.of(404)))
        .isEqualTo("exporter otlp/refusals: traces: HTTP 404: no message");
  }

  @Test
  void quotesOfPromptAndKeyAreLeftOut() throws Exception {
    String json =
        "{\"message\":\"invalid: \\\"Tell me how tall the tower is.\\\\nPlease.\\\" with "
            + KEY
            + "\"}";
    assertThat(httpLine(answer(400, "application/json", json)))
        .isEqualTo("exporter otlp/refusals: traces: HTTP 400: invalid: \"…");
    assertThat(above).noneMatch(line -> line.contains("tower") || line.contains("invalid"));
  }

  @Test
  void keyInTheQueryOfTheEndpointIsLeftOut() throws Exception {
    try (HttpSink sink = new HttpSink();
        OtlpExporter exporter =
            OtlpExporter.builder("otlp/refusals", Protocol.HTTP_PROTOBUF)
                .endpoint(sink.url() + "/?key=" + KEY)
                .retry(RetrySettings.DISABLED)
                .build()) {
      sink.rule = body -> answer(403, "text/plain", "the key " + KEY + " has expired");
      send(exporter);

      assertThat(debugLine()).doesNotContain(KEY).endsWith(" has expired");
    }
  }

  @Test
  void messageOfAGrpcStatus() throws Exception {
    GrpcSink.Answer answer =
        GrpcSink.Answer.of(
            io.grpc.Status.INVALID_ARGUMENT.withDescription("bad span: " + PROMPT + " {0} 'x'"));

    assertThat(grpcLine(answer))
        .isEqualTo("exporter otlp/refusals: traces: INVALID_ARGUMENT: bad span: … {0} 'x'");
  }

  @Test
  void messageOfAPartialSuccess() throws Exception {
    byte[] response =
        ExportTraceServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportTracePartialSuccess.newBuilder()
                    .setRejectedSpans(1)
                    .setErrorMessage("no trace id"))
            .build()
            .toByteArray();

    assertThat(grpcLine(GrpcSink.Answer.message(response)))
        .isEqualTo("exporter otlp/refusals: traces: partial_success: no trace id");
    debug.clear();
    assertThat(httpLine(HttpSink.Answer.protobuf(response)))
        .isEqualTo("exporter otlp/refusals: traces: partial_success: no trace id");
  }

  @Test
  void connectionThatFails() throws Exception {
    for (Protocol protocol : Protocol.values()) {
      debug.clear();
      // Nothing listens on this port, and no other process is given it.
      try (OtlpExporter exporter = exporter(protocol, /* port= */ 1)) {
        send(exporter);
        assertThat(debugLine()).startsWith("exporter otlp/refusals: traces: connection: ");
      }
    }
  }

  @Test
  void eachStatusIsLoggedOnceAMinute() {
    ReasonedTransport transport = new ReasonedTransport();
    Backend backend = new Backend(builder -> builder.transport = transport);
    for (int second = 0; second < 120; second++) {
      transport.reason = new Reason(second % 2 == 0 ? "400" : "422", () -> "no");
      backend.send("a", 1);
      backend.timer.advance(Duration.ofSeconds(1));
    }

    assertThat(debug)
        .hasSize(4)
        .containsOnly(
            "exporter otlp_grpc/test: traces: HTTP 400: no",
            "exporter otlp_grpc/test: traces: HTTP 422: no");
  }

  @Test
  void wordsAreNotReadAtInfo() {
    LOGGER.setLevel(Level.INFO);
    ReasonedTransport transport = new ReasonedTransport();
    transport.reason =
        new Reason(
            "400",
            () -> {
              throw new AssertionError("read");
            });
    Backend backend = new Backend(builder -> builder.transport = transport);

    assertThat(backend.send("a", 1)).isCompletedWithValue(ReasonedTransport.INVALID);
    assertThat(debug).isEmpty();
  }

  /** A backend that refuses everything. */
  private static final class ReasonedTransport implements Transport {
    static final Outcome INVALID = Outcome.refused(StatusCode.INVALID_ARGUMENT, "invalid");

    Reason reason;

    @Override
    public java.util.concurrent.CompletableFuture<Response> send(
        Signal signal, Map<String, String> headers, Slices request) {
      return java.util.concurrent.CompletableFuture.completedFuture(
          Response.of(INVALID).because(reason));
    }

    @Override
    public void close() {}
  }
}
