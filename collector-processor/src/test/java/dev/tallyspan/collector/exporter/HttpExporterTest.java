package dev.tallyspan.collector.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpExporterTest {

  private final HttpSink sink;
  private OtlpExporter exporter;

  HttpExporterTest() throws Exception {
    sink = new HttpSink();
  }

  @AfterEach
  void close() {
    if (exporter != null) {
      exporter.close(Duration.ZERO);
    }
    sink.close();
  }

  private OtlpExporter.Builder builder() {
    return OtlpExporter.builder("otlp_http", Protocol.HTTP_PROTOBUF)
        .endpoint(sink.url())
        .timeout(Duration.ofSeconds(60))
        .retry(Sending.RETRY_SOON);
  }

  private Outcome send(OtlpExporter.Builder builder, Slices request) throws Exception {
    exporter = builder.build();
    return Sending.send(exporter, Signal.TRACES, request, 1).get(60, TimeUnit.SECONDS);
  }

  private Outcome send(OtlpExporter.Builder builder) throws Exception {
    return send(builder, Backend.slices("body"));
  }

  @ParameterizedTest
  @CsvSource({
    "'',                 TRACES,  /v1/traces",
    "'/',                LOGS,    /v1/logs",
    "/api/public/otel,   TRACES,  /api/public/otel/v1/traces",
    "/api/public/otel/,  METRICS, /api/public/otel/v1/metrics",
    "/v1/traces,         TRACES,  /v1/traces",
    "/v1/traces,         LOGS,    /v1/logs",
    "/v1/logs//,         TRACES,  /v1/traces",
    "/otel/v1/metrics/,  METRICS, /otel/v1/metrics",
    "/otel//v1/traces,   METRICS, /otel/v1/metrics",
    "/v1/traces/x,       TRACES,  /v1/traces/x/v1/traces",
    "/otel?key=a,        TRACES,  /otel/v1/traces?key=a",
    "/v1/traces?key=a,   LOGS,    /v1/logs?key=a",
  })
  void theSignalsPathIsAppendedToTheEndpoint(String base, Signal signal, String path)
      throws Exception {
    exporter = builder().endpoint(sink.url() + base).build();
    Sending.send(exporter, signal, Backend.slices("body"), 1).get(60, TimeUnit.SECONDS);

    assertThat(sink.take().path()).isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource({"'', /", "/custom, /custom", "/custom/?a=b, /custom/?a=b"})
  void aSignalsOwnEndpointIsTakenAsItIs(String own, String path) throws Exception {
    send(builder().endpoint(Signal.TRACES, sink.url() + own));

    assertThat(sink.take().path()).isEqualTo(path);
  }

  @Test
  void headersAreSentAndTheBodyIsGzip() throws Exception {
    send(builder().header("Authorization", "Basic abc"));

    HttpSink.Received received = sink.take();
    assertThat(received.headers().get("Authorization")).containsExactly("Basic abc");
    assertThat(received.headers().get("Content-Type")).containsExactly("application/x-protobuf");
    assertThat(received.headers().get("Content-Encoding")).containsExactly("gzip");
    assertThat(received.headers().getFirst("User-Agent")).startsWith("Tallyspan-Collector");
    assertThat(gunzip(received.body())).asString().isEqualTo("body");
  }

  private static byte[] gunzip(byte[] bytes) throws Exception {
    return new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"NONE", "GZIP"})
  void slicesOfManyArraysArriveAsOneRequest(Compression compression) throws Exception {
    Random random = new Random(7);
    Slices slices = new Slices();
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    for (int i = 0; i < 300; i++) {
      byte[] noise = new byte[1 + random.nextInt(40_000)];
      random.nextBytes(noise);
      int from = random.nextInt(noise.length);
      slices.add(noise, from, noise.length - from);
      expected.write(noise, from, noise.length - from);
    }

    assertThat(send(builder().compression(compression), slices)).isEqualTo(Outcome.ACCEPTED);

    HttpSink.Received received = sink.take();
    boolean gzip = compression == Compression.GZIP;
    assertThat(gzip ? gunzip(received.body()) : received.body()).isEqualTo(expected.toByteArray());
    assertThat(received.headers().containsKey("Content-Length")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void retryableStatusesAreRetried(int status) throws Exception {
    sink.script.add(HttpSink.Answer.of(status));

    assertThat(send(builder())).isEqualTo(Outcome.ACCEPTED);
    assertThat(sink.received).hasSize(2);
  }

  static Stream<Integer> finalStatuses() {
    Set<Integer> retryable = Set.of(429, 502, 503, 504);
    return IntStream.concat(
        IntStream.of(301, 302, 307, 308),
        IntStream.concat(IntStream.rangeClosed(400, 431), IntStream.rangeClosed(500, 511)))
        .boxed()
        .filter(status -> !retryable.contains(status))
        .collect(Collectors.toList())
        .stream();
  }

  @ParameterizedTest
  @MethodSource("finalStatuses")
  void allOtherStatusesAreFinal(int status) throws Exception {
    sink.script.add(HttpSink.Answer.of(status, "Retry-After", "1"));

    Outcome.Refused refused = (Outcome.Refused) send(builder());

    assertThat(refused.retryable()).isFalse();
    assertThat(refused.message())
        .isEqualTo("exporter otlp_http: the backend answered HTTP " + status);
    assertThat(sink.received).hasSize(1);
  }

  @Test
  void retryAfterInSecondsReachesTheSender() throws Exception {
    sink.script.add(HttpSink.Answer.of(503, "Retry-After", "17"));

    assertThat(retryAfter()).isEqualTo(Duration.ofSeconds(17));
  }

  @Test
  void retryAfterAsADateReachesTheSender() throws Exception {
    sink.script.add(HttpSink.Answer.of(429, "Retry-After", "Sun, 22 Nov 2026 12:00:30 GMT"));

    assertThat(retryAfter()).isEqualTo(Duration.ofSeconds(30));
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-5", "1.5", "Sunday"})
  void aRetryAfterThatCannotBeReadIsNone(String value) throws Exception {
    sink.script.add(HttpSink.Answer.of(503, "Retry-After", value));

    assertThat(retryAfter()).isNull();
  }

  private Duration retryAfter() throws Exception {
    OtlpExporter.Builder builder = builder().retry(RetrySettings.DISABLED);
    builder.wallClock = InstantSource.fixed(Instant.parse("2026-11-22T12:00:00Z"));
    return ((Outcome.Refused) send(builder)).retryAfter();
  }

  @Test
  void partialSuccessIsNotRetried() throws Exception {
    sink.script.add(
        HttpSink.Answer.protobuf(
            ExportTraceServiceResponse.newBuilder()
                .setPartialSuccess(
                    ExportTracePartialSuccess.newBuilder()
                        .setRejectedSpans(1)
                        .setErrorMessage("secret"))
                .build()
                .toByteArray()));

    assertThat(send(builder()))
        .isEqualTo(new Outcome.Partial(1, "exporter otlp_http: the backend rejected 1 of 1 items"));
    assertThat(sink.received).hasSize(1);
  }

  @Test
  void anAnswerThatCannotBeReadIsSuccess() throws Exception {
    sink.script.add(HttpSink.Answer.protobuf("<html>".getBytes()));

    assertThat(send(builder())).isEqualTo(Outcome.ACCEPTED);
    assertThat(sink.received).hasSize(1);
  }

  @Test
  void anAnswerLargerThanFourMebibytesIsNotRetried() throws Exception {
    sink.script.add(HttpSink.Answer.protobuf(new byte[(4 << 20) + 1]));

    Outcome.Refused refused = (Outcome.Refused) send(builder());

    assertThat(refused.retryable()).isFalse();
    assertThat(sink.received).hasSize(1);
  }

  @Test
  void connectionsAreKeptAlive() throws Exception {
    exporter = builder().build();
    for (int i = 0; i < 5; i++) {
      Sending.send(exporter, Signal.TRACES, Backend.slices("body"), 1).get(60, TimeUnit.SECONDS);
    }

    assertThat(sink.received.stream().map(HttpSink.Received::clientPort).distinct()).hasSize(1);
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
  void aBackendThatComesUpLaterGetsTheRequest() throws Exception {
    int port = sink.port();
    sink.close();
    exporter = builder().build();
    CompletableFuture<Outcome> answer =
        Sending.send(exporter, Signal.TRACES, Backend.slices("body"), 1);
    org.awaitility.Awaitility.await().until(() -> exporter.queue.failing());
    try (HttpSink late = new HttpSink(port)) {
      assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(Outcome.ACCEPTED);
      assertThat(late.received).hasSize(1);
    }
  }

  @Test
  void aSignalWithoutEndpointIsRefusedForGood() throws Exception {
    exporter =
        OtlpExporter.builder("otlp_http", Protocol.HTTP_PROTOBUF)
            .endpoint(Signal.TRACES, sink.url() + "/traces")
            .build();

    Outcome outcome =
        Sending.send(exporter, Signal.LOGS, Backend.slices("body"), 1).get(60, TimeUnit.SECONDS);

    assertThat(outcome)
        .isEqualTo(
            Outcome.refused(
                StatusCode.UNIMPLEMENTED, "exporter otlp_http: has no endpoint for logs"));
  }
}
