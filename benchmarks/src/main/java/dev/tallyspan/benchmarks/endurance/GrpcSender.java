package dev.tallyspan.benchmarks.endurance;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/** OTLP/gRPC. */
final class GrpcSender implements Sender {

  static final String SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService";

  static final MethodDescriptor<byte[], byte[]> EXPORT =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName(SERVICE + "/Export")
          .setRequestMarshaller(new Bytes())
          .setResponseMarshaller(new Bytes())
          .build();

  private static final int TIMEOUT_SECONDS = 30;
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private final ManagedChannel channel;
  private final CallOptions options;

  GrpcSender(int port, boolean gzip) {
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .directExecutor()
            .disableRetry()
            .build();
    options = gzip ? CallOptions.DEFAULT.withCompression("gzip") : CallOptions.DEFAULT;
  }

  @Override
  public Response send(byte[] request) {
    try {
      byte[] response =
          ClientCalls.blockingUnaryCall(
              channel,
              EXPORT,
              options.withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS),
              request);
      return new Response(response.length <= 2 ? Result.ACCEPTED : Result.REFUSED, -1, "gRPC OK");
    } catch (StatusRuntimeException e) {
      long delay = delay(e.getTrailers());
      return new Response(result(e.getStatus(), delay), delay, "gRPC " + e.getStatus().getCode());
    }
  }

  /** The codes that OTLP says are retryable; a lost connection is UNAVAILABLE with a cause. */
  private static Result result(Status status, long delay) {
    return switch (status.getCode()) {
      case UNAVAILABLE -> status.getCause() == null ? Result.RETRYABLE : Result.UNKNOWN;
      case DEADLINE_EXCEEDED, CANCELLED -> Result.UNKNOWN;
      case ABORTED, OUT_OF_RANGE, DATA_LOSS -> Result.RETRYABLE;
      case RESOURCE_EXHAUSTED -> delay < 0 ? Result.REFUSED : Result.RETRYABLE;
      default -> Result.REFUSED;
    };
  }

  /** The delay in a {@code google.rpc.RetryInfo} of the trailers, in ms; -1 if there is none. */
  private static long delay(Metadata trailers) {
    byte[] details = trailers == null ? null : trailers.get(DETAILS);
    if (details == null) {
      return -1;
    }
    try {
      UnknownFieldSet status = UnknownFieldSet.parseFrom(details);
      for (var any : status.getField(3).getLengthDelimitedList()) {
        UnknownFieldSet detail = UnknownFieldSet.parseFrom(any);
        if (detail
            .getField(1)
            .getLengthDelimitedList()
            .get(0)
            .toStringUtf8()
            .endsWith("RetryInfo")) {
          UnknownFieldSet info =
              UnknownFieldSet.parseFrom(detail.getField(2).getLengthDelimitedList().get(0));
          UnknownFieldSet duration =
              UnknownFieldSet.parseFrom(info.getField(1).getLengthDelimitedList().get(0));
          return 1000 * first(duration, 1) + first(duration, 2) / 1_000_000;
        }
      }
      return -1;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the server's status details are not protobuf", e);
    }
  }

  private static long first(UnknownFieldSet message, int field) {
    var values = message.getField(field).getVarintList();
    return values.isEmpty() ? 0 : values.get(0);
  }

  @Override
  public void close() {
    channel.shutdownNow();
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
        throw new UncheckedIOException(e);
      }
    }
  }
}
