package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Signal;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A real gRPC server that answers what its script says, and with success when that is at its end.
 */
final class GrpcSink implements AutoCloseable {
  static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final Context.Key<Metadata> HEADERS = Context.key("headers");

  record Received(Signal signal, byte[] body, Metadata headers) {}

  /** What to answer: a status, with trailers, or, if it is OK, a message. */
  record Answer(Status status, Metadata trailers, byte[] message) {
    static Answer of(Status status) {
      return new Answer(status, new Metadata(), new byte[0]);
    }

    static Answer message(byte[] message) {
      return new Answer(Status.OK, new Metadata(), message);
    }
  }

  final Queue<Answer> script = new ConcurrentLinkedQueue<>();
  final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  volatile boolean silent;

  /** Decides in place of the script; null = no rule. A null answer is none at all. */
  volatile Function<byte[], Answer> rule;

  private final Server server;
  private final int port;

  GrpcSink() throws IOException {
    this(0, builder -> {});
  }

  GrpcSink(int port, Consumer<NettyServerBuilder> settings) throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new java.net.InetSocketAddress("localhost", port));
    for (Signal signal : Signal.values()) {
      builder.addService(service(signal));
    }
    builder.maxInboundMessageSize(64 << 20).intercept(new HeaderKeeper());
    settings.accept(builder);
    server = builder.build().start();
    this.port = server.getPort();
  }

  private ServerServiceDefinition service(Signal signal) {
    MethodDescriptor<byte[], byte[]> export =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(signal.grpcService() + "/Export")
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    return ServerServiceDefinition.builder(signal.grpcService())
        .addMethod(
            export,
            ServerCalls.asyncUnaryCall(
                (request, observer) -> {
                  received.add(new Received(signal, request, HEADERS.get()));
                  if (silent) {
                    return;
                  }
                  Answer answer = rule == null ? script.poll() : rule.apply(request);
                  if (rule != null && answer == null) {
                    return;
                  }
                  if (answer == null || answer.status().isOk()) {
                    observer.onNext(answer == null ? new byte[0] : answer.message());
                    observer.onCompleted();
                  } else {
                    observer.onError(answer.status().asRuntimeException(answer.trailers()));
                  }
                }))
        .build();
  }

  int port() {
    return port;
  }

  Received take() throws InterruptedException {
    Received request = received.poll(60, TimeUnit.SECONDS);
    if (request == null) {
      throw new AssertionError("nothing was received");
    }
    return request;
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class HeaderKeeper implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      return Contexts.interceptCall(
          Context.current().withValue(HEADERS, headers), call, headers, next);
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
        throw new UncheckedIOException(e);
      }
    }
  }
}
