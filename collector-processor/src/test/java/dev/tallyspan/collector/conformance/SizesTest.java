package dev.tallyspan.collector.conformance;

import static dev.tallyspan.collector.conformance.StartedCollector.JSON;
import static dev.tallyspan.collector.conformance.StartedCollector.PROTOBUF;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.tallyspan.collector.conformance.HttpBackend.Answer;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits of what is received and sent, of requests and of responses. */
class SizesTest {

  private static final int LIMIT = 8 << 20;
  private static final byte[] LARGE = Requests.withSpan(Requests.field(5, new byte[LIMIT]));
  private static final byte[] CHAT = Requests.of(Requests.chat()).toByteArray();

  @TempDir private Path directory;
  private HttpBackend backend;
  private StartedCollector collector;

  @AfterEach
  void close() {
    collector.close();
    if (backend != null) {
      backend.close();
    }
  }

  @Test
  @Item(3)
  @Item(4)
  void requestOverTheConfiguredLimitIsNotRetryableOverGrpc() throws Exception {
    start();
    StatusRuntimeException refused = collector.refused(LARGE);

    assertThat(refused.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.RESOURCE_EXHAUSTED);
    // Nothing that a client could take for RetryInfo.
    assertThat(StatusProto.fromThrowable(refused).getDetailsList()).isEmpty();
    assertThat(backend.arrivals).isEmpty();
  }

  @Test
  @Item(3)
  @Item(5)
  void requestOverTheConfiguredLimitIs413WithAStatus() throws Exception {
    start();
    HttpResponse<byte[]> protobuf = collector.post(LARGE);
    HttpResponse<byte[]> json = collector.post("/v1/traces", JSON, LARGE);
    HttpResponse<byte[]> inflated =
        collector.send(
            collector
                .request("/v1/traces")
                .header("content-type", PROTOBUF)
                .header("content-encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(gzip(LARGE))));

    for (HttpResponse<byte[]> response : List.of(protobuf, inflated)) {
      assertThat(response.statusCode()).isEqualTo(413);
      assertThat(Status.parseFrom(response.body()).getMessage())
          .isEqualTo("the request is larger than 8388608 bytes, counted after decompression");
    }
    assertThat(json.statusCode()).isEqualTo(413);
    assertThat(new String(json.body(), StandardCharsets.UTF_8))
        .startsWith("{\"code\":8,\"message\":\"the request is larger than 8388608 bytes");
    assertThat(backend.arrivals).isEmpty();
  }

  @Test
  @Item(6)
  void longErrorOfABackendIsNotPassedOn() throws Exception {
    start();
    String message = "x".repeat(3 << 20);
    backend.rule =
        arrival ->
            Answer.protobuf(400, Status.newBuilder().setMessage(message).build().toByteArray());

    HttpResponse<byte[]> http = collector.post(CHAT);
    StatusRuntimeException grpc = collector.refused(CHAT);

    assertThat(http.statusCode()).isEqualTo(400);
    assertThat(http.body()).hasSizeLessThan(1000);
    assertThat(grpc.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
    assertThat(grpc.getStatus().getDescription()).hasSizeLessThan(1000);
  }

  @Test
  @Item(6)
  void longMessageOfAPartialSuccessIsNotPassedOn() throws Exception {
    start();
    ExportTraceServiceResponse partial =
        ExportTraceServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportTracePartialSuccess.newBuilder()
                    .setRejectedSpans(1)
                    .setErrorMessage("x".repeat(3 << 20)))
            .build();
    backend.rule = arrival -> Answer.protobuf(200, partial.toByteArray());

    byte[] http = collector.post(CHAT).body();
    byte[] grpc = collector.call(CHAT);

    assertThat(http).hasSizeLessThan(1000).isEqualTo(grpc);
    assertThat(ExportTraceServiceResponse.parseFrom(http).getPartialSuccess().getRejectedSpans())
        .isEqualTo(1);
  }

  @Test
  @Item(7)
  void requestOverTheLimitOfTheBackendIsSentInParts() throws Exception {
    startWithLimit(1000);
    Span[] spans = new Span[20];
    Arrays.setAll(spans, i -> Requests.plain("GET /" + i));

    assertThat(collector.post(Requests.of(spans).toByteArray()).body()).isEmpty();

    assertThat(backend.arrivals)
        .hasSizeBetween(4, 10)
        .allSatisfy(part -> assertThat(part.body()).hasSizeLessThanOrEqualTo(1000));
    List<Span> arrived = new ArrayList<>();
    for (HttpBackend.Arrival part : backend.arrivals) {
      arrived.addAll(part.traces().getResourceSpans(0).getScopeSpans(0).getSpansList());
    }
    assertThat(arrived).containsExactly(spans);
  }

  @Test
  @Item(7)
  void spanOverTheLimitOfTheBackendIsNotSentAndCounted() throws Exception {
    startWithLimit(1000);
    Span large = Requests.plain("x".repeat(1000));

    assertThat(collector.post(Requests.of(large).toByteArray()).statusCode()).isEqualTo(413);

    assertThat(backend.arrivals).isEmpty();
    assertThat(collector.metrics.prometheusText())
        .containsPattern("otelcol_exporter_(send|enqueue)_failed_spans(_total)?\\{[^}]*} 1");
  }

  private void startWithLimit(int bytes) throws Exception {
    backend = new HttpBackend();
    collector =
        new StartedCollector(
            directory,
            """
            exporters:
              otlp_http: {endpoint: %s, compression: none, max_request_bytes: %d}
            service:
              pipelines:
                traces: {receivers: [otlp], exporters: [otlp_http]}
            """
                .formatted(backend.url(), bytes));
  }

  @Test
  @Item(8)
  void compressedResponseIsMeasuredAfterDecompression() throws Exception {
    try (GrpcBackend bomber = new GrpcBackend()) {
      bomber.rule =
          request ->
              ExportTraceServiceResponse.newBuilder()
                  .setPartialSuccess(
                      ExportTracePartialSuccess.newBuilder()
                          .setErrorMessage("x".repeat((4 << 20) + 1)))
                  .build();
      collector = StartedCollector.before(bomber, directory);

      StatusRuntimeException refused = collector.refused(CHAT);

      // INTERNAL is not retryable, and the response says no more than that.
      assertThat(refused.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.INTERNAL);
      assertThat(StatusProto.fromThrowable(refused).getCode()).isEqualTo(Code.INTERNAL_VALUE);
      assertThat(bomber.arrivals).hasSize(1);
      assertThat(collector.metrics.prometheusText())
          .containsPattern("otelcol_exporter_send_failed_spans(_total)?\\{[^}]*} 1");
    }
  }

  @Test
  @Item(8)
  void compressedResponseOverHttpIsNotDecompressed() throws Exception {
    start();
    byte[] bomb = gzip(new byte[16 << 20]);
    backend.rule =
        arrival ->
            new Answer(200, Map.of("Content-Type", PROTOBUF, "Content-Encoding", "gzip"), bomb);

    assertThat(collector.post(CHAT).statusCode()).isEqualTo(200);

    // So a backend has no reason to compress.
    assertThat(backend.arrivals.get(0).headers().containsKey("Accept-Encoding")).isFalse();
  }

  private void start() throws Exception {
    backend = new HttpBackend();
    collector = StartedCollector.before(backend, directory);
  }

  private static byte[] gzip(byte[] content) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }
}
