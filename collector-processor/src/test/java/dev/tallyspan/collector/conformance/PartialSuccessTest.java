package dev.tallyspan.collector.conformance;

import static dev.tallyspan.collector.conformance.StartedCollector.JSON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.conformance.HttpBackend.Answer;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a backend accepts in part, on its way back to the sender. */
class PartialSuccessTest {

  private static final Span SPAN = Requests.plain("GET /");
  private static final byte[] FIVE =
      Requests.of(SPAN, SPAN, SPAN, SPAN, Requests.chat()).toByteArray();
  private static final byte[] FIVE_IN_JSON =
      "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{},{},{},{},{}]}]}]}".getBytes(UTF_8);

  @TempDir private Path directory;
  private HttpBackend http;
  private GrpcBackend grpc;
  private StartedCollector collector;

  @BeforeEach
  void startBackends() throws Exception {
    http = new HttpBackend();
    grpc = new GrpcBackend();
  }

  @AfterEach
  void close() {
    collector.close();
    http.close();
    grpc.close();
  }

  @Test
  @Item(19)
  @Item(20)
  @Item(22)
  void rejectedSpansOfAnHttpBackendAreReportedToEverySender() throws Exception {
    http.rule = arrival -> Answer.protobuf(200, partial(3, "too old").toByteArray());
    collector = StartedCollector.before(http, directory);

    assertThreeAreRejected("exporter otlp_http: the backend rejected 3 of 5 items");
    // One attempt for each of the three senders.
    assertThat(http.arrivals).hasSize(3);
  }

  @Test
  @Item(19)
  @Item(20)
  @Item(22)
  void rejectedSpansOfAGrpcBackendAreReportedToEverySender() throws Exception {
    grpc.rule = request -> partial(3, "too old");
    collector = StartedCollector.before(grpc, directory);

    assertThreeAreRejected("exporter otlp_grpc: the backend rejected 3 of 5 items");
    assertThat(grpc.arrivals).hasSize(3);
  }

  private void assertThreeAreRejected(String message) throws Exception {
    var answer = collector.post(FIVE);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(ExportTraceServiceResponse.parseFrom(answer.body())).isEqualTo(partial(3, message));
    assertThat(ExportTraceServiceResponse.parseFrom(collector.call(FIVE)))
        .isEqualTo(partial(3, message));
    assertThat(new String(collector.post("/v1/traces", JSON, FIVE_IN_JSON).body(), UTF_8))
        .isEqualTo(
            "{\"partialSuccess\":{\"rejectedSpans\":\"3\",\"errorMessage\":\"" + message + "\"}}");
    assertThat(collector.metrics.prometheusText())
        .containsPattern("otelcol_exporter_send_failed_spans(_total)?\\{[^}]*} 9")
        .containsPattern("otelcol_exporter_sent_spans(_total)?\\{[^}]*} 6");
  }

  @Test
  @Item(22)
  void emptyPartialSuccessIsFullSuccess() throws Exception {
    http.rule = arrival -> Answer.protobuf(200, partial(0, "").toByteArray());
    collector = StartedCollector.before(http, directory);

    assertThat(collector.post(FIVE).body()).isEmpty();
    assertThat(http.arrivals).hasSize(1);
  }

  @Test
  @Item(21)
  @Item(22)
  void warningOfABackendIsFullSuccessForTheSender() throws Exception {
    http.rule = arrival -> Answer.protobuf(200, partial(0, "deprecated").toByteArray());
    collector = StartedCollector.before(http, directory);

    assertThat(collector.post(FIVE).body()).isEmpty();
    assertThat(http.arrivals).hasSize(1);
  }

  @Test
  @Item(21)
  void refusalByOneOfTwoBackendsIsAWarning() throws Exception {
    http.rule = arrival -> Answer.status(401);
    collector =
        new StartedCollector(
            directory,
            """
            exporters:
              otlp_http: {endpoint: %s}
              otlp_grpc: {endpoint: %s}
            service:
              pipelines:
                traces: {receivers: [otlp], exporters: [otlp_http, otlp_grpc]}
            """
                .formatted(http.url(), grpc.url()));

    ExportTracePartialSuccess warning =
        ExportTraceServiceResponse.parseFrom(collector.post(FIVE).body()).getPartialSuccess();

    assertThat(warning.getRejectedSpans()).isZero();
    assertThat(warning.getErrorMessage()).contains("exporter otlp_http");
    assertThat(grpc.arrivals).hasSize(1);
  }

  private static ExportTraceServiceResponse partial(int rejected, String message) {
    return ExportTraceServiceResponse.newBuilder()
        .setPartialSuccess(
            ExportTracePartialSuccess.newBuilder()
                .setRejectedSpans(rejected)
                .setErrorMessage(message))
        .build();
  }
}
