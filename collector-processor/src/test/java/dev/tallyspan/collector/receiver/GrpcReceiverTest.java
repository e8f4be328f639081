package dev.tallyspan.collector.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.RetryInfo;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.StatusCode;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc.TraceServiceBlockingStub;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrpcReceiverTest {

  private static final int LIMIT = 1 << 20;

  private ReceiverFixture fixture;
  private ManagedChannel channel;
  private TraceServiceBlockingStub traces;

  @AfterEach
  void close() {
    if (channel != null) {
      channel.shutdownNow();
    }
    if (fixture != null) {
      fixture.close();
    }
  }

  @Test
  void everySignalIsTaken() throws Exception {
    start();
    LogsServiceGrpc.newBlockingStub(channel).export(Requests.logs(3));
    MetricsServiceGrpc.newBlockingStub(channel).export(Requests.fifteenPoints());
    ExportTraceServiceResponse response = traces.export(Requests.spans(2));

    assertThat(response).isEqualTo(ExportTraceServiceResponse.getDefaultInstance());
    assertThat(response.hasPartialSuccess()).isFalse();
    assertThat(fixture.intake.requests())
        .containsExactly(Requests.logs(3), Requests.fifteenPoints(), Requests.spans(2));
    fixture.awaitCounts(
        entry("accepted_spans{grpc}", 2L),
        entry("accepted_log_records{grpc}", 3L),
        entry("accepted_metric_points{grpc}", 15L),
        entry("requests{grpc,success}", 3L));
  }

  @Test
  void gzipIsTaken() throws Exception {
    start();
    traces.withCompression("gzip").export(Requests.spans(1000));

    assertThat(fixture.intake.requests()).containsExactly(Requests.spans(1000));
  }

  @Test
  void emptyRequestIsSuccess() throws Exception {
    start();
    traces.export(Requests.spans(0).getDefaultInstanceForType());
    traces.export(Requests.spans(0));

    fixture.awaitCounts(entry("requests{grpc,success}", 2L));
  }

  @Test
  void bytesArriveAsTheyWereSent() throws Exception {
    start();
    // An unknown field, a padded length and a field out of order.
    byte[] odd = {(byte) 0xa2, 0x38, 1, 'x', 0x0a, (byte) 0x82, 0, 0x1a, 0};
    raw(odd, "opentelemetry.proto.collector.trace.v1.TraceService/Export");

    assertThat(fixture.intake.bytes()).singleElement().isEqualTo(odd);
  }

  @Test
  void partialSuccessIsPassedOn() throws Exception {
    start();
    fixture.intake.answer(new Outcome.Partial(2, "two spans have no id"));
    ExportTraceServiceResponse response = traces.export(Requests.spans(5));

    assertThat(response.getPartialSuccess().getRejectedSpans()).isEqualTo(2);
    assertThat(response.getPartialSuccess().getErrorMessage()).isEqualTo("two spans have no id");
    fixture.awaitCounts(
        entry("accepted_spans{grpc}", 3L),
        entry("refused_spans{grpc}", 2L),
        entry("requests{grpc,success}", 1L));
  }

  @Test
  void warningIsPassedOn() throws Exception {
    start();
    fixture.intake.answer(new Outcome.Partial(0, "deprecated"));

    assertThat(traces.export(Requests.spans(1)).getPartialSuccess().getErrorMessage())
        .isEqualTo("deprecated");
  }

  @ParameterizedTest
  @EnumSource(value = StatusCode.class, mode = EnumSource.Mode.EXCLUDE, names = "OK")
  void refusalKeepsItsCode(StatusCode code) throws Exception {
    start();
    fixture.intake.answer(Outcome.refused(code, "Grüße"));

    StatusRuntimeException refused = refused(() -> traces.export(Requests.spans(1)));

    assertThat(refused.getStatus().getCode().value()).isEqualTo(code.number());
    assertThat(refused.getStatus().getDescription()).isEqualTo("Grüße");
    assertThat(StatusProto.fromThrowable(refused).getCode()).isEqualTo(code.number());
    assertThat(retryInfo(refused)).isNull();
  }

  @Test
  void retryDelayIsTold() throws Exception {
    start();
    fixture.intake.answer(
        new Outcome.Refused(StatusCode.RESOURCE_EXHAUSTED, "full", Duration.ofMillis(2500)));

    StatusRuntimeException refused = refused(() -> traces.export(Requests.spans(1)));

    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(retryInfo(refused).getRetryDelay().getSeconds()).isEqualTo(2);
    assertThat(retryInfo(refused).getRetryDelay().getNanos()).isEqualTo(500_000_000);
  }

  @Test
  void garbageIsAnInvalidArgument() throws Exception {
    start();
    byte[] half = Requests.spans(3).toByteArray();
    half[1]++;

    StatusRuntimeException refused =
        refused(() -> raw(half, "opentelemetry.proto.collector.trace.v1.TraceService/Export"));

    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(StatusProto.fromThrowable(refused).getDetails(0).is(BadRequest.class)).isTrue();
    traces.export(Requests.spans(1));
    await()
        .untilAsserted(
            () ->
                assertThat(fixture.counts())
                    .containsEntry("requests{grpc,refused,invalid_argument}", 1L)
                    .containsEntry("requests{grpc,success}", 1L));
  }

  @Test
  void largestRequestIsTakenAndLargerIsNot() throws Exception {
    start();
    traces.export(Requests.ofSize(LIMIT));
    traces.withCompression("gzip").export(Requests.ofSize(LIMIT));
    tooLarge(() -> traces.export(Requests.ofSize(LIMIT + 1)));
    tooLarge(() -> traces.withCompression("gzip").export(Requests.ofSize(LIMIT + 1)));
    tooLarge(() -> traces.export(Requests.ofSize(5 * LIMIT)));
    traces.export(Requests.spans(1));

    assertThat(fixture.intake.requests()).hasSize(3);
    fixture.awaitCounts(
        entry("accepted_spans{grpc}", 3L),
        entry("requests{grpc,success}", 3L),
        entry("requests{grpc,refused,too_large}", 3L));
  }

  private void tooLarge(Runnable call) {
    StatusRuntimeException refused = refused(call);
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(retryInfo(refused)).isNull();
  }

  @Test
  void brokenGzipIsAnInvalidArgument() throws Exception {
    start();
    ManagedChannel broken =
        NettyChannelBuilder.forAddress("localhost", fixture.receiver.grpcPort())
            .usePlaintext()
            .compressorRegistry(BrokenGzip.registry())
            .build();
    try {
      TraceServiceBlockingStub stub = TraceServiceGrpc.newBlockingStub(broken);
      StatusRuntimeException refused =
          refused(() -> stub.withCompression("gzip").export(Requests.spans(3)));
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    } finally {
      broken.shutdownNow();
    }
    fixture.awaitCounts(entry("requests{grpc,refused,malformed}", 1L));
  }

  @Test
  void unknownMethodAndServiceAreUnimplemented() throws Exception {
    start();
    for (String method :
        new String[] {
          "opentelemetry.proto.collector.trace.v1.TraceService/Import",
          "opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export"
        }) {
      assertThat(refused(() -> raw(new byte[0], method)).getStatus().getCode())
          .isEqualTo(Status.Code.UNIMPLEMENTED);
    }
    fixture.awaitCounts(entry("requests{grpc,refused,unimplemented}", 2L));
  }

  @Test
  void failureOfTheIntakeIsInternalAndKeptToItself() throws Exception {
    start();
    fixture.intake.answer(
        (signal, request) -> {
          throw new IllegalStateException("secret");
        });
    internal();

    fixture.awaitCounts(
        entry("failed_spans{grpc}", 1L), entry("requests{grpc,failure,internal}", 1L));
  }

  private void internal() {
    StatusRuntimeException refused = refused(() -> traces.export(Requests.spans(1)));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(refused.getMessage()).isEqualTo("INTERNAL: internal error");
  }

  @Test
  void callsOnOneConnectionAreHandledInParallel() throws Exception {
    CompletableFuture<Outcome> first = new CompletableFuture<>();
    start();
    fixture.intake.answer((signal, request) -> first);
    var slow = TraceServiceGrpc.newFutureStub(channel).export(Requests.spans(1));
    await().until(() -> fixture.intake.asked() == 1);

    fixture.intake.answer(Outcome.ACCEPTED);
    traces.export(Requests.spans(1));
    assertThat(slow.isDone()).isFalse();

    first.complete(Outcome.ACCEPTED);
    slow.get();
  }

  @Test
  void longMessagesAreCutSoThatTheAnswerArrives() throws Exception {
    start();
    String message = "日本".repeat(1_000_000);
    fixture.intake.answer(Outcome.refused(StatusCode.INVALID_ARGUMENT, message));
    StatusRuntimeException refused = refused(() -> traces.export(Requests.spans(1)));
    fixture.intake.answer(new Outcome.Partial(1, message));
    ExportTraceServiceResponse partial = traces.export(Requests.spans(1));

    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refused.getStatus().getDescription()).hasSizeBetween(100, 1000);
    assertThat(partial.getPartialSuccess().getErrorMessage()).hasSizeBetween(100, 1000);
  }

  @Test
  void overBudgetIsUnavailableForNow() throws Exception {
    CompletableFuture<Outcome> held = new CompletableFuture<>();
    start(settings -> settings.maxInFlightBytes(300_000));
    fixture.intake.answer((signal, request) -> held);
    var first = TraceServiceGrpc.newFutureStub(channel).export(Requests.ofSize(200_000));
    await().until(() -> fixture.inFlightBytes() == 200_000);

    StatusRuntimeException refused = refused(() -> traces.export(Requests.ofSize(200_000)));
    StatusRuntimeException zipped =
        refused(() -> traces.withCompression("gzip").export(Requests.ofSize(900_000)));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(retryInfo(refused).getRetryDelay().getSeconds()).isEqualTo(1);
    assertThat(zipped.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);

    held.complete(Outcome.ACCEPTED);
    first.get();
    fixture.awaitNothingInFlight(); // Only a request that is alone may be larger than the limit.
    fixture.intake.answer((ParsingIntake.Answer) null);
    traces.export(Requests.ofSize(900_000));
    fixture.awaitNothingInFlight();
    await()
        .untilAsserted(
            () ->
                assertThat(fixture.counts())
                    .containsEntry("requests{grpc,refused,overloaded}", 2L));
  }

  @Test
  void cancelledUploadGivesItsMemoryBack() throws Exception {
    start();
    HalfSent half = new HalfSent(fixture.receiver.grpcPort());
    half.send(LIMIT / 2);
    await().until(() -> fixture.inFlightBytes() > 100_000);

    half.close();

    fixture.awaitNothingInFlight();
    fixture.awaitCounts(entry("requests{grpc,refused,cancelled}", 1L));
  }

  @Test
  void stalledUploadIsEnded() throws Exception {
    start(settings -> settings.readTimeout(Duration.ofMillis(300)));
    try (HalfSent half = new HalfSent(fixture.receiver.grpcPort())) {
      half.send(LIMIT / 2);

      await().until(() -> fixture.counts().containsKey("requests{grpc,refused,timeout}"));
      fixture.awaitNothingInFlight();
    }
  }

  @Test
  void memoryIsHeldUntilTheIntakeIsDoneEvenIfTheClientIsGone() throws Exception {
    CompletableFuture<Outcome> held = new CompletableFuture<>();
    start();
    fixture.intake.answer((signal, request) -> held);
    var call = TraceServiceGrpc.newFutureStub(channel).export(Requests.ofSize(50_000));
    await().until(() -> fixture.intake.asked() == 1);

    call.cancel(true);
    await().until(() -> fixture.intake.withdrawals() == 1);
    assertThat(fixture.inFlightBytes()).isEqualTo(50_000);
    held.complete(Outcome.ACCEPTED);

    fixture.awaitCounts(entry("accepted_spans{grpc}", 1L), entry("requests{grpc,success}", 1L));
  }

  @Test
  void clientThatGoesAwayWithdrawsItsRequest() throws Exception {
    start();
    fixture.intake.answer((signal, request) -> new CompletableFuture<>());
    var cancelled = TraceServiceGrpc.newFutureStub(channel).export(Requests.spans(1));
    await().until(() -> fixture.intake.asked() == 1);
    cancelled.cancel(true);
    await().until(() -> fixture.intake.withdrawals() == 1);

    // On a busy machine, the deadline may pass before the request has arrived.
    await()
        .until(
            () -> {
              refused(
                  () ->
                      traces
                          .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                          .withCompression("gzip")
                          .export(Requests.spans(1)));
              return fixture.intake.withdrawals() > 1;
            });
  }

  @Test
  void requestInFlightIsAnsweredBeforeTheServerStops() throws Exception {
    CompletableFuture<Outcome> held = new CompletableFuture<>();
    start();
    fixture.intake.answer((signal, request) -> held);
    var call = TraceServiceGrpc.newFutureStub(channel).export(Requests.spans(1));
    await().until(() -> fixture.inFlightBytes() > 0);
    CompletableFuture<Void> closed =
        CompletableFuture.runAsync(() -> fixture.receiver.close(Duration.ofSeconds(20)));
    held.complete(Outcome.ACCEPTED);

    assertThat(call.get()).isNotNull();
    closed.get();
    assertThat(fixture.receiver.grpcPort()).isEqualTo(-1);
  }

  private void start() throws IOException {
    start(UnaryOperator.identity());
  }

  private void start(UnaryOperator<OtlpReceiverBuilder> settings) throws IOException {
    fixture = new ReceiverFixture(builder -> settings.apply(builder.maxRequestBytes(LIMIT)));
    channel =
        NettyChannelBuilder.forAddress("localhost", fixture.receiver.grpcPort())
            .usePlaintext()
            .build();
    traces = TraceServiceGrpc.newBlockingStub(channel);
  }

  private void raw(byte[] request, String method) {
    ClientCalls.blockingUnaryCall(channel, method(method), CallOptions.DEFAULT, request);
  }

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(name)
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes())
        .build();
  }

  private static StatusRuntimeException refused(Runnable call) {
    StatusRuntimeException[] refused = new StatusRuntimeException[1];
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(StatusRuntimeException.class, e -> refused[0] = e);
    return refused[0];
  }

  private static RetryInfo retryInfo(StatusRuntimeException refused) {
    com.google.rpc.Status status = StatusProto.fromThrowable(refused);
    try {
      for (Any detail : status.getDetailsList()) {
        if (detail.is(RetryInfo.class)) {
          return detail.unpack(RetryInfo.class);
        }
      }
      return null;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A client that begins a call and does not end it. */
  private static final class HalfSent implements AutoCloseable {

    private final ManagedChannel channel;
    private ClientCall<byte[], byte[]> call;

    HalfSent(int port) {
      channel = NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build();
    }

    /** Sends a message but never half-closes. */
    void send(int bytes) {
      call =
          channel.newCall(
              method("opentelemetry.proto.collector.trace.v1.TraceService/Export"),
              CallOptions.DEFAULT);
      call.start(new ClientCall.Listener<>() {}, new Metadata());
      call.sendMessage(new byte[bytes]);
    }

    @Override
    public void close() {
      call.cancel("gone", null);
      channel.shutdownNow();
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }
}
