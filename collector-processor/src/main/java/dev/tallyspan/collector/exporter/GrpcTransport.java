package dev.tallyspan.collector.exporter;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.auth.RequestHeaders;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.PerSignal;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.flow.Timer;
import dev.tallyspan.collector.wire.Slices;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.CompressorRegistry;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** OTLP/gRPC over one channel. */
final class GrpcTransport implements Transport {
  private static final Metadata.Key<byte[]> STATUS_DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  /**
   * After this number of consecutive timeouts, the connection is considered dead, even if TCP has
   * not reported it.
   */
  private static final int TIMEOUTS_OF_A_DEAD_CONNECTION = 2;

  private final String exporter;
  private final ManagedChannel channel;
  private final CallOptions options;
  private final long timeoutNanos;
  private final Map<String, String> headers;
  private final RequestHeaders auth;
  private final PerSignal<MethodDescriptor<Slices, byte[]>> methods =
      PerSignal.of(GrpcTransport::export);
  private final AtomicInteger timeoutsInARow = new AtomicInteger();

  /**
   * @param timer is not closed with the transport
   * @throws IllegalArgumentException if a TLS file cannot be used
   */
  GrpcTransport(TransportSettings settings, Timer timer) {
    exporter = settings.exporter();
    timeoutNanos = settings.timeout().toNanos();
    headers = settings.headers();
    auth = settings.auth();
    options =
        settings.compression() == Compression.NONE
            ? CallOptions.DEFAULT
            : CallOptions.DEFAULT.withCompression(settings.compression().encoding());
    channel = channel(settings, timer);
  }

  private static MethodDescriptor<Slices, byte[]> export(Signal signal) {
    return MethodDescriptor.<Slices, byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(signal.grpcService(), "Export"))
        .setRequestMarshaller(new RequestMarshaller())
        .setResponseMarshaller(new ResponseMarshaller())
        .build();
  }

  private static ManagedChannel channel(TransportSettings settings, Timer timer) {
    Endpoint endpoint = requireNonNull(settings.endpoint(), "endpoint");
    CompressorRegistry compressors = CompressorRegistry.newEmptyInstance();
    if (settings.compression() != Compression.NONE) {
      compressors.register(new GrpcCompressor(settings.compression(), settings.compressionLevel()));
    }
    NettyChannelBuilder channel =
        NettyChannelBuilder.forTarget("dns:///" + endpoint.authority())
            .directExecutor()
            .compressorRegistry(compressors)
            .defaultLoadBalancingPolicy("round_robin")
            .maxInboundMessageSize(MAX_RESPONSE_BYTES)
            .userAgent(TransportSettings.USER_AGENT)
            .disableRetry();
    if (settings.compression() == Compression.ZSTD) {
      channel.decompressorRegistry(ZstdDecompressor.REGISTRY);
    }
    KeepAliveSettings keepAlive = settings.keepAlive();
    if (keepAlive != null) {
      channel
          .keepAliveTime(keepAlive.time().toNanos(), TimeUnit.NANOSECONDS)
          .keepAliveTimeout(keepAlive.timeout().toNanos(), TimeUnit.NANOSECONDS)
          .keepAliveWithoutCalls(keepAlive.permitWithoutStream());
    }
    // A scheme takes precedence over the setting.
    boolean plaintext =
        endpoint.scheme().equals("http")
            || (endpoint.scheme().isEmpty() && settings.tls().insecure());
    if (plaintext) {
      return channel.usePlaintext().build();
    }
    channel.sslContext(TlsContexts.grpcClient(settings.tls(), timer::nanoTime));
    if (settings.tls().serverNameOverride() != null) {
      channel.overrideAuthority(settings.tls().serverNameOverride());
    }
    return channel.build();
  }

  @Override
  public CompletableFuture<Response> send(Signal signal, Map<String, String> more, Slices request) {
    CompletableFuture<Response> future = new CompletableFuture<>();
    CallOptions callOptions = options.withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS);
    if (channel.getState(/* requestConnection= */ false) == ConnectivityState.TRANSIENT_FAILURE) {
      // Otherwise, the call would fail with the error of the last connection, however long ago.
      channel.resetConnectBackoff();
      callOptions = callOptions.withWaitForReady();
    }
    ClientCall<Slices, byte[]> call = channel.newCall(methods.get(signal), callOptions);
    call.start(new Listener(future), metadata(more));
    call.request(2);
    call.sendMessage(request);
    call.halfClose();
    return future;
  }

  private Metadata metadata(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putAll(more);
    all.putAll(auth.headers());
    Metadata metadata = new Metadata();
    all.forEach(
        (name, value) ->
            metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
    return metadata;
  }

  private Response response(
      Status status, Metadata trailers, boolean responseStarted, byte @Nullable [] response) {
    Response judged = judged(status, trailers, responseStarted, response);
    if (judged.outcome() instanceof Outcome.Partial && response != null) {
      return judged.because(
          new Reason(Reason.PARTIAL_SUCCESS, () -> BackendResponses.partialMessage(response)));
    }
    if (!(judged.outcome() instanceof Outcome.Refused refused)) {
      return judged;
    }
    // grpc-java names a cause only if no server has answered.
    boolean broken = refused.code() == StatusCode.UNAVAILABLE && status.getCause() != null;
    return judged.because(
        new Reason(
            broken ? Reason.CONNECTION : status.getCode().name(),
            () -> BackendWords.grpc(status, trailers.get(STATUS_DETAILS))));
  }

  private Response judged(
      Status status, Metadata trailers, boolean responseStarted, byte @Nullable [] response) {
    if (status.getCode() != Status.Code.DEADLINE_EXCEEDED) {
      timeoutsInARow.set(0);
    } else {
      boolean connected =
          channel.getState(/* requestConnection= */ false) == ConnectivityState.READY;
      if (timeoutsInARow.incrementAndGet() >= TIMEOUTS_OF_A_DEAD_CONNECTION) {
        timeoutsInARow.set(0);
        channel.enterIdle();
      }
      if (!connected) {
        // The call waited for a connection, and the backend is not known to be slow.
        return Response.of(refused(StatusCode.UNAVAILABLE, "the connection failed"));
      }
    }
    if (status.isOk()) {
      return Response.of(BackendResponses.success(response == null ? new byte[0] : response));
    }
    if (status.getCode() == Status.Code.UNKNOWN && status.getCause() instanceof IOException) {
      // grpc-java reports a connection that closes during a call like this. A backend's UNKNOWN is
      // permanent, and has no cause.
      return Response.of(refused(StatusCode.UNAVAILABLE, "the connection failed"));
    }
    GrpcRefusal refusal = new GrpcRefusal(status);
    if (responseStarted && refusal.isOversizedResponse(MAX_RESPONSE_BYTES)) {
      // grpc-java's own status. OTLP requires that this is a permanent error.
      return Response.of(
          refused(StatusCode.INTERNAL, "the backend's response is larger than 4 MiB"));
    }
    byte[] details = trailers.get(STATUS_DETAILS);
    Duration retryAfter = details == null ? null : BackendResponses.retryDelay(details);
    StatusCode code = StatusCode.of(status.getCode().value());
    if (retryAfter == null
        && (code == StatusCode.RESOURCE_EXHAUSTED || code == StatusCode.OUT_OF_RANGE)) {
      long limit = refusal.messageLimit();
      if (limit >= 0) {
        // Whatever the code, the same message would be too large again.
        return Response.tooLarge(
            refused(StatusCode.RESOURCE_EXHAUSTED, "the backend answered " + code), limit);
      }
    }
    if (!code.retryable() && refusal.isReset()) {
      return Response.of(refused(StatusCode.UNAVAILABLE, "the connection was reset"));
    }
    return Response.of(
        new Outcome.Refused(
            code, "exporter " + exporter + ": the backend answered " + code, retryAfter));
  }

  private Outcome.Refused refused(StatusCode code, String what) {
    return new Outcome.Refused(code, "exporter " + exporter + ": " + what, /* retryAfter= */ null);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private final class Listener extends ClientCall.Listener<byte[]> {
    private final CompletableFuture<Response> future;
    private boolean started;
    private byte @Nullable [] response;

    Listener(CompletableFuture<Response> future) {
      this.future = future;
    }

    @Override
    public void onHeaders(Metadata headers) {
      started = true;
    }

    @Override
    public void onMessage(byte[] message) {
      response = message;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      future.complete(response(status, trailers, started, response));
    }
  }

  private static final class RequestMarshaller implements MethodDescriptor.Marshaller<Slices> {
    @Override
    public InputStream stream(Slices request) {
      return new SlicesStream(request);
    }

    @Override
    public Slices parse(InputStream stream) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class ResponseMarshaller implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] response) {
      throw new UnsupportedOperationException();
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
