package dev.tallyspan.collector.it;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that send numbered spans in small requests, over gRPC and HTTP by turns, whether or not a
 * collector listens. They do not retry: a span that is delivered twice was duplicated by the
 * collector or by the way to the backend.
 */
final class Load implements AutoCloseable {

  private static final int CLIENTS = 8;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final long PAUSE_AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Sends requests, on one thread. */
  private interface Client extends AutoCloseable {

    /** Returns whether the request was acknowledged. */
    boolean send(ExportTraceServiceRequest request) throws InterruptedException;

    @Override
    void close();
  }

  private final SequenceBook book;
  private final long intervalNanos;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  /**
   * Starts sending.
   *
   * @param perSecond the maximum number of requests per second, of all clients
   */
  Load(int grpcPort, int httpPort, int perSecond, SequenceBook book, long seed) {
    this.book = book;
    intervalNanos = TimeUnit.SECONDS.toNanos(1) * CLIENTS / perSecond;
    for (int i = 0; i < CLIENTS; i++) {
      Random random = new Random(seed + i);
      Client client = i % 2 == 0 ? new GrpcClient(grpcPort) : new JdkHttpClient(httpPort);
      Thread thread = new Thread(() -> run(client, random), "client-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private void run(Client client, Random random) {
    try (client) {
      long next = System.nanoTime();
      while (!stopped) {
        int count = 1 + random.nextInt(5);
        int first = book.send(count);
        if (client.send(NumberedSpans.request(first, count))) {
          book.acknowledge(first, count);
        } else {
          LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);
        }
        // A client that was held up does not catch up.
        next = Math.max(next + intervalNanos, System.nanoTime());
        LockSupport.parkNanos(next - System.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops sending, and waits until every request that was sent has its response or its timeout. */
  @Override
  public void close() {
    stopped = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class GrpcClient implements Client {
    private final ManagedChannel channel;

    GrpcClient(int port) {
      channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    @Override
    public boolean send(ExportTraceServiceRequest request) {
      try {
        ExportTraceServiceResponse response =
            TraceServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .export(request);
        return response.getPartialSuccess().getRejectedSpans() == 0;
      } catch (StatusRuntimeException e) {
        // Otherwise the channel waits longer after each failure, up to two minutes.
        channel.resetConnectBackoff();
        return false;
      }
    }

    @Override
    public void close() {
      channel.shutdownNow();
    }
  }

  private static final class JdkHttpClient implements Client {
    private final HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpRequest.Builder request;

    JdkHttpClient(int port) {
      request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/traces"))
              .header("Content-Type", "application/x-protobuf")
              .timeout(TIMEOUT);
    }

    @Override
    public boolean send(ExportTraceServiceRequest spans) throws InterruptedException {
      try {
        HttpResponse<byte[]> response =
            client.send(
                request.POST(HttpRequest.BodyPublishers.ofByteArray(spans.toByteArray())).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        return response.statusCode() == 200
            && ExportTraceServiceResponse.parseFrom(response.body())
                    .getPartialSuccess()
                    .getRejectedSpans()
                == 0;
      } catch (IOException e) {
        return false;
      }
    }

    @Override
    public void close() {
      // Its connections end with it; JDK 17 has no method to close it.
    }
  }
}
