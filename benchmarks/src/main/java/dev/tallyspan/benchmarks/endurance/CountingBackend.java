package dev.tallyspan.benchmarks.endurance;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tallyspan.benchmarks.NumberedRequests;
import dev.tallyspan.benchmarks.SpanIds;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A backend on the loopback for OTLP/gRPC, and for OTLP/HTTP without compression: counts spans, and
 * takes as many requests per second as it is told.
 */
final class CountingBackend implements Closeable {

  private static final byte[] ACCEPTED =
      "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final SpanBook book;
  private final long pause;
  private final AtomicLong nextTurn = new AtomicLong(System.nanoTime());
  private final ServerSocket http;
  private final Server grpc;
  private final Queue<Socket> connections = new ConcurrentLinkedQueue<>();

  /**
   * @param rate in requests per second; 0 = as many as come
   */
  CountingBackend(SpanBook book, double rate) throws IOException {
    this.book = book;
    pause = rate == 0 ? 0 : (long) (1e9 / rate);
    http = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    start(this::accept);
    grpc =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .maxInboundMessageSize(128 << 20)
            .addService(
                ServerServiceDefinition.builder(GrpcSender.SERVICE)
                    .addMethod(
                        GrpcSender.EXPORT,
                        ServerCalls.asyncUnaryCall(
                            (request, observer) -> {
                              count(request);
                              observer.onNext(new byte[0]);
                              observer.onCompleted();
                            }))
                    .build())
            .build()
            .start();
  }

  int httpPort() {
    return http.getLocalPort();
  }

  int grpcPort() {
    return grpc.getPort();
  }

  private void count(byte[] request) {
    if (pause > 0) {
      long turn =
          nextTurn.accumulateAndGet(System.nanoTime(), (next, now) -> Math.max(next, now) + pause);
      for (long left = turn - System.nanoTime(); left > 0; left = turn - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    }
    try {
      SpanIds.visit(
          request,
          (traceId, spanId, parentId) -> book.deliver(NumberedRequests.span(request, spanId)));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the server sent what is not protobuf", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = http.accept();
        connections.add(socket);
        start(() -> serve(socket));
      }
    } catch (IOException e) {
      if (!http.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      BufferedInputStream in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
      for (HttpMessage message = HttpMessage.read(in);
          message != null;
          message = HttpMessage.read(in)) {
        count(message.body());
        socket.getOutputStream().write(ACCEPTED);
      }
    } catch (IOException e) {
      // The server has closed the connection, or this backend is being closed.
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "backend");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    grpc.shutdownNow();
    http.close();
    for (Socket socket : connections) {
      socket.close();
    }
  }
}
