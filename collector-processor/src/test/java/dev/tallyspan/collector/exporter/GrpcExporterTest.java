package dev.tallyspan.collector.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.Slices;
import io.grpc.Metadata;
import io.grpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GrpcExporterTest {

  private final GrpcSink sink;
  private OtlpExporter exporter;

  GrpcExporterTest() throws Exception {
    sink = new GrpcSink();
  }

  @AfterEach
  void close() {
    if (exporter != null) {
      exporter.close(Duration.ZERO);
    }
    sink.close();
  }

  private OtlpExporter.Builder builder() {
    return OtlpExporter.builder("otlp_grpc", Protocol.GRPC)
        .endpoint("http://localhost:" + sink.port())
        .timeout(Duration.ofSeconds(60))
        .retry(Sending.RETRY_SOON);
  }

  private Outcome send(OtlpExporter.Builder builder, Signal signal, Slices request)
      throws Exception {
    exporter = builder.build();
    return Sending.send(exporter, signal, request, 1).get(60, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @EnumSource(Signal.class)
  void everySignalHasItsService(Signal signal) throws Exception {
    Outcome outcome = send(builder(), signal, Backend.slices("body"));

    assertThat(outcome).isEqualTo(Outcome.ACCEPTED);
    GrpcSink.Received received = sink.take();
    assertThat(received.signal()).isEqualTo(signal);
    assertThat(received.body()).asString().isEqualTo("body");
  }

  /** The table of OTLP/gRPC: what may be sent again arrives twice. */
  @ParameterizedTest
  @EnumSource(value = Status.Code.class, names = "OK", mode = EnumSource.Mode.EXCLUDE)
  void onlyRetryableCodesAreRetried(Status.Code code) throws Exception {
    boolean retryable =
        switch (code) {
          case CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS -> true;
          default -> false;
        };
    sink.script.add(GrpcSink.Answer.of(code.toStatus().withDescription("says the backend")));

    Outcome outcome = send(builder(), Signal.TRACES, Backend.slices("body"));

    if (retryable) {
      assertThat(outcome).isEqualTo(Outcome.ACCEPTED);
      assertThat(sink.received).hasSize(2);
    } else {
      assertThat(outcome)
          .isEqualTo(
              Outcome.refused(
                  StatusCode.of(code.value()),
                  "exporter otlp_grpc: the backend answered " + code.name()));
      assertThat(sink.received).hasSize(1);
    }
  }

  @Test
  void resourceExhaustedWithRetryInfoIsRetriedAfterItsDelay() throws Exception {
    sink.script.add(throttled(Status.RESOURCE_EXHAUSTED, 50_000_000));
    long start = System.nanoTime();

    Outcome outcome = send(builder(), Signal.TRACES, Backend.slices("body"));

    assertThat(outcome).isEqualTo(Outcome.ACCEPTED);
    assertThat(sink.received).hasSize(2);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(50));
  }

  @Test
  void retryInfoReachesTheSenderWhenNothingIsRetried() throws Exception {
    sink.script.add(throttled(Status.UNAVAILABLE, 250_000_000));

    Outcome outcome =
        send(builder().retry(RetrySettings.DISABLED), Signal.TRACES, Backend.slices("body"));

    assertThat(((Outcome.Refused) outcome).retryAfter()).isEqualTo(Duration.ofMillis(2250));
  }

  private static GrpcSink.Answer throttled(Status status, int nanos) {
    long seconds = status.getCode() == Status.Code.UNAVAILABLE ? 2 : 0;
    RetryInfo info =
        RetryInfo.newBuilder()
            .setRetryDelay(
                com.google.protobuf.Duration.newBuilder().setSeconds(seconds).setNanos(nanos))
            .build();
    Metadata trailers = new Metadata();
    trailers.put(
        GrpcSink.DETAILS,
        com.google.rpc.Status.newBuilder()
            .setCode(status.getCode().value())
            .setMessage("slow down")
            .addDetails(Any.pack(com.google.rpc.BadRequest.getDefaultInstance()))
            .addDetails(Any.pack(info))
            .build()
            .toByteArray());
    return new GrpcSink.Answer(status, trailers, null);
  }

  @Test
  void partialSuccessIsNotRetried() throws Exception {
    ExportTraceServiceResponse response =
        ExportTraceServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportTracePartialSuccess.newBuilder()
                    .setRejectedSpans(3)
                    .setErrorMessage("attribute 'secret prompt' is too long"))
            .build();
    sink.script.add(GrpcSink.Answer.message(response.toByteArray()));
    exporter = builder().build();

    Outcome outcome =
        Sending.send(exporter, Signal.TRACES, Backend.slices("body"), 8).get(60, TimeUnit.SECONDS);

    assertThat(outcome)
        .isEqualTo(new Outcome.Partial(3, "exporter otlp_grpc: the backend rejected 3 of 8 items"));
    assertThat(sink.received).hasSize(1);
  }

  @Test
  void anAnswerThatCannotBeReadIsSuccess() throws Exception {
    sink.script.add(GrpcSink.Answer.message(new byte[] {(byte) 0xff, 1, 2}));

    assertThat(send(builder(), Signal.LOGS, Backend.slices("body"))).isEqualTo(Outcome.ACCEPTED);
  }

  @Test
  void anAnswerLargerThanFourMebibytesIsNotRetried() throws Exception {
    sink.script.add(GrpcSink.Answer.message(new byte[(4 << 20) + 1]));

    Outcome outcome = send(builder(), Signal.TRACES, Backend.slices("body"));

    assertThat(outcome)
        .isEqualTo(
            Outcome.refused(
                StatusCode.INTERNAL,
                "exporter otlp_grpc: the backend's response is larger than 4 MiB"));
    assertThat(sink.received).hasSize(1);
  }

  @Test
  void headersAndCompressionAreSent() throws Exception {
    send(
        builder().header("Authorization", "Bearer key").header("x-tenant", "a"),
        Signal.TRACES,
        Backend.slices("body"));

    Metadata headers = sink.take().headers();
    assertThat(header(headers, "authorization")).isEqualTo("Bearer key");
    assertThat(header(headers, "x-tenant")).isEqualTo("a");
    assertThat(header(headers, "grpc-encoding")).isEqualTo("gzip");
    assertThat(header(headers, "user-agent")).startsWith("Tallyspan-Collector");
  }

  @Test
  void compressionCanBeTurnedOff() throws Exception {
    send(builder().compression(Compression.NONE), Signal.TRACES, Backend.slices("body"));

    assertThat(header(sink.take().headers(), "grpc-encoding")).isNull();
  }

  private static String header(Metadata headers, String name) {
    return headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"NONE", "GZIP"})
  void slicesOfManyArraysArriveAsOneRequest(Compression compression) throws Exception {
    ExportTraceServiceRequest.Builder expected = ExportTraceServiceRequest.newBuilder();
    Slices slices = new Slices();
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      byte[] noise = new byte[random.nextInt(20_000)];
      random.nextBytes(noise);
      ResourceSpans spans =
          ResourceSpans.newBuilder().setSchemaUrl(java.util.Arrays.toString(noise)).build();
      expected.addResourceSpans(spans);
      byte[] bytes =
          ExportTraceServiceRequest.newBuilder().addResourceSpans(spans).build().toByteArray();
      int cut = random.nextInt(bytes.length);
      slices.add(bytes, 0, cut);
      slices.add(bytes, cut, bytes.length - cut);
    }

    Outcome outcome = send(builder().compression(compression), Signal.TRACES, slices);

    assertThat(outcome).isEqualTo(Outcome.ACCEPTED);
    assertThat(ExportTraceServiceRequest.parseFrom(sink.take().body())).isEqualTo(expected.build());
  }

  @Test
  void aBackendThatComesUpLaterGetsTheRequest() throws Exception {
    int port = sink.port();
    sink.close();
    exporter = builder().build();
    CompletableFuture<Outcome> answer =
        Sending.send(exporter, Signal.TRACES, Backend.slices("body"), 1);
    org.awaitility.Awaitility.await().until(() -> exporter.queue.failing());
    try (GrpcSink late = new GrpcSink(port, settings -> {})) {
      assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(Outcome.ACCEPTED);
      assertThat(late.received).hasSize(1);
    }
  }

  private Outcome sendBody() throws Exception {
    return Sending.send(exporter, Signal.TRACES, Backend.slices("body"), 1)
        .get(60, TimeUnit.SECONDS);
  }

  @Test
  void aBackendThatDoesNotAnswerTimesOut() throws Exception {
    exporter = builder().timeout(Duration.ofMillis(300)).retry(RetrySettings.DISABLED).build();
    // Without a connection, the backend would not be known to be slow.
    org.awaitility.Awaitility.await().until(() -> sendBody() == Outcome.ACCEPTED);
    sink.silent = true;

    assertThat(((Outcome.Refused) sendBody()).code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
  }

  @Test
  void aBackendThatIsDownIsNotTakenForASlowOne() throws Exception {
    sink.close();
    exporter = builder().timeout(Duration.ofMillis(200)).retry(RetrySettings.DISABLED).build();
    for (int attempt = 0; attempt < 5; attempt++) {
      Outcome outcome =
          Sending.send(exporter, Signal.TRACES, Backend.slices("body"), 1)
              .get(60, TimeUnit.SECONDS);

      assertThat(((Outcome.Refused) outcome).code()).isEqualTo(StatusCode.UNAVAILABLE);
    }
  }
}
