package dev.tallyspan.collector.conformance;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.server.CollectorServer;
import dev.tallyspan.collector.telemetry.OwnMetrics;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A server with the receiver {@code otlp} on free ports, and a client of both of its protocols. */
final class StartedCollector implements AutoCloseable {

  static final String PROTOBUF = "application/x-protobuf";
  static final String JSON = "application/json";
  static final String TRACES = "opentelemetry.proto.collector.trace.v1.TraceService/Export";

  private static final String RECEIVER =
      """
      receivers:
        otlp:
          protocols:
            grpc: {endpoint: "127.0.0.1:0", max_recv_msg_size_mib: 8}
            http: {endpoint: "127.0.0.1:0", max_request_body_size: 8388608}
      """;

  private static final String ONE_BACKEND =
      """
      processors:
        tallyspan:
      exporters:
        %s:
          endpoint: %s
          compression: none
          retry_on_failure: {initial_interval: 10ms, max_interval: 50ms}
      service:
        pipelines:
          traces: {receivers: [otlp], processors: [tallyspan], exporters: [%1$s]}
          logs: {receivers: [otlp], processors: [tallyspan], exporters: [%1$s]}
          metrics: {receivers: [otlp], exporters: [%1$s]}
      """;

  final OwnMetrics metrics = OwnMetrics.create();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final CollectorServer server;
  private final ManagedChannel channel;
  private boolean stopped;

  /**
   * @param yaml the file without receivers
   */
  StartedCollector(Path directory, String yaml) throws Exception {
    Path file = Files.writeString(directory.resolve("config.yaml"), RECEIVER + yaml);
    server =
        CollectorServer.builder(ConfigLoader.load(file, Map.of()))
            .meter(metrics.meter("test"))
            .start();
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort("otlp")).usePlaintext().build();
  }

  /** Starts a server that understands, prices and forwards to one backend. */
  static StartedCollector before(HttpBackend backend, Path directory) throws Exception {
    return new StartedCollector(directory, ONE_BACKEND.formatted("otlp_http", backend.url()));
  }

  static StartedCollector before(GrpcBackend backend, Path directory) throws Exception {
    return new StartedCollector(directory, ONE_BACKEND.formatted("otlp_grpc", backend.url()));
  }

  int httpPort() {
    return server.httpPort("otlp");
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort() + path))
        .timeout(Duration.ofSeconds(60));
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> post(String path, String type, byte[] body) throws Exception {
    return send(request(path).header("content-type", type).POST(BodyPublishers.ofByteArray(body)));
  }

  HttpResponse<byte[]> post(byte[] traces) throws Exception {
    return post("/v1/traces", PROTOBUF, traces);
  }

  CompletableFuture<HttpResponse<byte[]>> postAsync(byte[] traces) {
    return client.sendAsync(
        request("/v1/traces")
            .header("content-type", PROTOBUF)
            .POST(BodyPublishers.ofByteArray(traces))
            .build(),
        BodyHandlers.ofByteArray());
  }

  /**
   * Calls {@code Export} of traces with bytes that need not be a request.
   *
   * @throws StatusRuntimeException if it fails
   */
  byte[] call(byte[] request) {
    return call(TRACES, request);
  }

  byte[] call(String method, byte[] request) {
    MethodDescriptor<byte[], byte[]> export =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(method)
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    return ClientCalls.blockingUnaryCall(channel, export, CallOptions.DEFAULT, request);
  }

  /** Makes a call that must fail. */
  StatusRuntimeException refused(byte[] request) {
    return refused(TRACES, request);
  }

  StatusRuntimeException refused(String method, byte[] request) {
    return catchThrowableOfType(StatusRuntimeException.class, () -> call(method, request));
  }

  /** Closes the server alone; what it counted can still be read. */
  void stop(Duration drain) {
    stopped = true;
    server.close(drain);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    if (!stopped) {
      server.close(Duration.ofSeconds(5));
    }
    metrics.close();
  }

  private static final class Bytes implements Marshaller<byte[]> {
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
