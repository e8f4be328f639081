package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.listen.ConnectionLimit;
import dev.tallyspan.collector.listen.Listener;
import dev.tallyspan.collector.listen.RareLog;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.netty.NettyServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Serves OTLP/gRPC with grpc-java, but without its protobuf layer: requests stay bytes. */
final class GrpcServer {

  /** As for HTTP: large enough for the tokens and baggage that proxies add. */
  private static final int MAX_HEADER_BYTES = 64 << 10;

  private static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);

  /**
   * One server for each address, because one grpc-java server would use a different free port for
   * each.
   */
  private final List<OnOneAddress> servers;

  private GrpcServer(List<OnOneAddress> servers) {
    this.servers = servers;
  }

  /**
   * @throws IOException if it cannot listen on an address
   */
  static GrpcServer start(
      GrpcSettings settings, RequestDispatcher reception, ByteBudget budget, EventLoops loops)
      throws IOException {
    String name = reception.metrics().server();
    RareLog floods = new RareLog(System.getLogger(Http2FrameGuard.class.getName()));
    ConnectionLimit limit =
        new ConnectionLimit(
            name,
            settings.maxConnections(),
            reception.metrics(),
            connection -> Http2FrameGuard.guard(connection, name, floods));
    Admission admission =
        settings.authenticator() == null ? null : new Admission(settings.authenticator(), name);
    return new GrpcServer(
        Listener.listen(
            settings.addresses(),
            address ->
                new OnOneAddress(
                    server(address, settings, limit, admission, reception, budget, loops)
                        .start())));
  }

  private static Server server(
      InetSocketAddress address,
      GrpcSettings settings,
      ConnectionLimit limit,
      @Nullable Admission admission,
      RequestDispatcher reception,
      ByteBudget budget,
      EventLoops loops)
      throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .channelFactory(limit.channels())
            .bossEventLoopGroup(loops.acceptor)
            .workerEventLoopGroup(loops.workers)
            .directExecutor()
            .decompressorRegistry(GrpcDecompressors.REGISTRY)
            .callExecutor(new OffLoopIfCompressed(loops.requestWorkers))
            // GrpcStream enforces the limit.
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .maxInboundMetadataSize(MAX_HEADER_BYTES)
            .maxConcurrentCallsPerConnection(settings.maxConcurrentStreams())
            .handshakeTimeout(20, TimeUnit.SECONDS)
            // More cancelled calls than this are an attack (CVE-2023-44487), not expired deadlines.
            .maxRstFramesPerWindow(3000, 30)
            .keepAliveTime(settings.keepAliveTime().toNanos(), TimeUnit.NANOSECONDS)
            .keepAliveTimeout(settings.keepAliveTimeout().toNanos(), TimeUnit.NANOSECONDS)
            .permitKeepAliveTime(settings.minPingInterval().toNanos(), TimeUnit.NANOSECONDS)
            .permitKeepAliveWithoutCalls(settings.pingsWithoutStreams())
            .addStreamTracerFactory(
                new ServerStreamTracer.Factory() {
                  @Override
                  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
                    return new GrpcStream(
                        settings.maxRequestBytes(), budget.open(), reception.metrics());
                  }
                });
    if (!settings.maxConnectionIdle().isZero()) {
      builder.maxConnectionIdle(settings.maxConnectionIdle().toNanos(), TimeUnit.NANOSECONDS);
    }
    if (!settings.maxConnectionAge().isZero()) {
      builder.maxConnectionAge(settings.maxConnectionAge().toNanos(), TimeUnit.NANOSECONDS);
    }
    if (!settings.maxConnectionAgeGrace().isZero()) {
      builder.maxConnectionAgeGrace(
          settings.maxConnectionAgeGrace().toNanos(), TimeUnit.NANOSECONDS);
    }
    if (settings.tls() != null) {
      builder.sslContext(TlsContexts.forGrpc(settings.tls()));
    }
    for (Signal signal : Signal.values()) {
      builder.addService(
          service(
              signal,
              new ExportHandler(
                  signal,
                  reception,
                  settings.maxRequestBytes(),
                  settings.readTimeout(),
                  admission,
                  loops.timer,
                  loops.requestWorkers)));
    }
    return builder.build();
  }

  int port() {
    return servers.get(0).port();
  }

  /** Stops accepting calls and notifies connected clients. Does not block. */
  void stopAccepting() {
    servers.forEach(OnOneAddress::shutdown);
  }

  /**
   * Blocks until the calls in flight have ended, at most for {@code drain}, then cancels the rest.
   */
  void awaitAndClose(Duration drain) throws InterruptedException {
    long deadline = System.nanoTime() + drain.toNanos();
    for (OnOneAddress server : servers) {
      server.await(Math.max(0, deadline - System.nanoTime()));
    }
  }

  private static ServerServiceDefinition service(Signal signal, ExportHandler handler) {
    MethodDescriptor<InputStream, byte[]> export =
        MethodDescriptor.<InputStream, byte[]>newBuilder()
            .setType(MethodType.UNARY)
            .setFullMethodName(
                MethodDescriptor.generateFullMethodName(signal.grpcService(), "Export"))
            .setRequestMarshaller(new Unread())
            .setResponseMarshaller(new Bytes())
            .build();
    return ServerServiceDefinition.builder(signal.grpcService()).addMethod(export, handler).build();
  }

  private record OnOneAddress(Server server) implements Listener {

    @Override
    public int port() {
      return server.getPort();
    }

    void shutdown() {
      server.shutdown();
    }

    void await(long nanos) throws InterruptedException {
      if (!server.awaitTermination(nanos, TimeUnit.NANOSECONDS)) {
        server.shutdownNow();
        server.awaitTermination(1, TimeUnit.SECONDS);
      }
    }

    @Override
    public void close() {
      server.shutdownNow();
    }
  }

  /**
   * Reads compressed requests on a worker thread, because inflating 64 MiB takes about half a
   * second. Reads all others on the event loop, which only copies their bytes.
   */
  private record OffLoopIfCompressed(Executor decoders) implements ServerCallExecutorSupplier {
    @Override
    public <ReqT, RespT> Executor getExecutor(ServerCall<ReqT, RespT> call, Metadata headers) {
      String encoding = headers.get(ENCODING);
      return encoding == null || encoding.equals("identity") ? Runnable::run : decoders;
    }
  }

  /** Leaves reading the request to the handler, which can then report errors to the client. */
  private static final class Unread implements Marshaller<InputStream> {
    @Override
    public InputStream stream(InputStream value) {
      return value;
    }

    @Override
    public InputStream parse(InputStream stream) {
      return stream;
    }
  }

  private static final class Bytes implements Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      throw new UnsupportedOperationException("a server does not read responses");
    }
  }
}
