package dev.tallyspan.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.tallyspan.collector.conformance.HttpBackend.Answer;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From a backend's failure to what its sender is told. */
class RetriesTest {

  private static final byte[] CHAT = Requests.of(Requests.chat()).toByteArray();

  private static final String SENT = "(?s).*otelcol_exporter_sent_spans(_total)?\\{[^}]*} 1\\b.*";

  @TempDir private Path directory;
  private HttpBackend backend;
  private StartedCollector collector;

  @BeforeEach
  void start() throws Exception {
    backend = new HttpBackend();
  }

  @AfterEach
  void close() {
    collector.close();
    backend.close();
  }

  @Test
  @Item(32)
  void requestIsSentAgainIfTheServerDisconnectsWithoutAResponse() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    backend.rule = arrival -> attempts.incrementAndGet() < 5 ? null : Answer.ACCEPTED;
    collector = StartedCollector.before(backend, directory);

    assertThat(collector.post(CHAT).statusCode()).isEqualTo(200);

    assertThat(attempts).hasValue(5);
    assertThat(
            backend.arrivals.stream()
                .map(arrival -> ByteString.copyFrom(arrival.body()))
                .distinct())
        .hasSize(1);
  }

  @Test
  @Item(31)
  void whatABackendRefusesIsDroppedAndCounted() throws Exception {
    backend.rule = arrival -> Answer.status(400);
    collector = StartedCollector.before(backend, directory);

    HttpResponse<byte[]> response = collector.post(CHAT);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(backend.arrivals).hasSize(1);
    assertThat(collector.metrics.prometheusText())
        .containsPattern("otelcol_exporter_send_failed_spans(_total)?\\{[^}]*} 1");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404})
  @Item(29)
  void directPipelineGivesUpWhileEverythingIsRefused(int status) throws Exception {
    backend.rule = arrival -> Answer.status(status);
    collector = StartedCollector.before(backend, directory);

    assertThat(collector.post(CHAT).statusCode()).isEqualTo(status);

    assertThat(backend.arrivals).hasSize(1);
  }

  /** Against OTLP, on purpose: the requests are good, and the configuration is not. */
  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404})
  @Item(29)
  void queueWaitsWhileEverythingIsRefused(int status) throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    backend.rule =
        arrival -> attempts.incrementAndGet() < 3 ? Answer.status(status) : Answer.ACCEPTED;
    startQueued(backend.url(), "otlp_http");

    assertThat(collector.post(CHAT).statusCode()).isEqualTo(200);

    await().until(() -> attempts.get() == 3);
    await().until(() -> collector.metrics.prometheusText().matches(SENT));
  }

  @ParameterizedTest
  @EnumSource(
      value = io.grpc.Status.Code.class,
      names = {"UNAUTHENTICATED", "PERMISSION_DENIED", "UNIMPLEMENTED"})
  @Item(27)
  void queueWaitsWhileEverythingIsRefusedOverGrpc(io.grpc.Status.Code code) throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    try (GrpcBackend refusing = new GrpcBackend()) {
      refusing.rule =
          request -> {
            if (attempts.incrementAndGet() < 3) {
              throw code.toStatus().asRuntimeException();
            }
            return ExportTraceServiceResponse.getDefaultInstance();
          };
      startQueued(refusing.url(), "otlp_grpc");

      assertThat(collector.post(CHAT).statusCode()).isEqualTo(200);

      await().until(() -> attempts.get() == 3);
      await().until(() -> collector.metrics.prometheusText().matches(SENT));
    }
  }

  private void startQueued(String url, String type) throws Exception {
    collector =
        new StartedCollector(
            directory,
            """
            exporters:
              %1$s:
                endpoint: %2$s
                retry_on_failure: {initial_interval: 10ms, max_interval: 20ms}
            service:
              pipelines:
                traces: {receivers: [otlp], exporters: [%1$s], queue: memory}
            """
                .formatted(type, url));
  }

  @Test
  @Item(23)
  @Item(33)
  void senderIsAskedToWaitWhenTheQueueIsFull() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    backend.rule =
        arrival -> released.await(60, TimeUnit.SECONDS) ? Answer.ACCEPTED : Answer.status(400);
    collector =
        new StartedCollector(
            directory,
            """
            exporters:
              otlp_http: {endpoint: %s, sending_queue: {num_consumers: 1, queue_size: 1}}
            service:
              pipelines:
                traces: {receivers: [otlp], exporters: [otlp_http]}
            """
                .formatted(backend.url()));
    CompletableFuture<HttpResponse<byte[]>> first = collector.postAsync(CHAT);
    await().until(() -> backend.arrivals.size() == 1);

    HttpResponse<byte[]> http = collector.post(CHAT);
    StatusRuntimeException grpc = collector.refused(CHAT);
    released.countDown();

    assertThat(http.statusCode()).isEqualTo(503);
    assertThat(http.headers().firstValue("retry-after")).contains("1");
    assertThat(grpc.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.UNAVAILABLE);
    Status status = StatusProto.fromThrowable(grpc);
    assertThat(status).isEqualTo(Status.parseFrom(http.body()));
    assertThat(status.getDetails(0).unpack(RetryInfo.class).getRetryDelay().getSeconds())
        .isEqualTo(1);
    assertThat(first.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  @Item(28)
  @Item(34)
  void grpcBackendIsLeftAloneForAsLongAsItAsks() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    AtomicLong refusedAt = new AtomicLong();
    try (GrpcBackend throttling = new GrpcBackend()) {
      throttling.rule =
          request -> {
            if (attempts.incrementAndGet() == 1) {
              refusedAt.set(System.nanoTime());
              throw StatusProto.toStatusRuntimeException(
                  Status.newBuilder()
                      .setCode(Code.RESOURCE_EXHAUSTED_VALUE)
                      .addDetails(
                          Any.pack(
                              RetryInfo.newBuilder()
                                  .setRetryDelay(Duration.newBuilder().setNanos(700_000_000))
                                  .build()))
                      .build());
            }
            return ExportTraceServiceResponse.getDefaultInstance();
          };
      collector = StartedCollector.before(throttling, directory);

      assertThat(collector.post(CHAT).statusCode()).isEqualTo(200);

      assertThat(attempts).hasValue(2);
      assertThat(System.nanoTime() - refusedAt.get()).isGreaterThanOrEqualTo(700_000_000L);
    }
  }

  @Test
  @Item(35)
  void httpBackendIsLeftAloneForAsLongAsItAsks() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    AtomicLong refusedAt = new AtomicLong();
    backend.rule =
        arrival -> {
          if (attempts.incrementAndGet() == 1) {
            refusedAt.set(System.nanoTime());
            return new Answer(429, Map.of("Retry-After", "1"), new byte[0]);
          }
          return Answer.ACCEPTED;
        };
    collector = StartedCollector.before(backend, directory);

    assertThat(collector.post(CHAT).statusCode()).isEqualTo(200);

    assertThat(attempts).hasValue(2);
    assertThat(System.nanoTime() - refusedAt.get()).isGreaterThanOrEqualTo(1_000_000_000L);
  }
}
