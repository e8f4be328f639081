package dev.tallyspan.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A backend on the loopback that accepts every OTLP/HTTP request as fast as it can, and drops it.
 */
final class DroppingSink implements Closeable {

  private static final byte[] ACCEPTED =
      "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final Runnable onRequest;
  private final ServerSocket server;
  private final AtomicLong requests = new AtomicLong();
  private final Queue<Socket> connections = new ConcurrentLinkedQueue<>();

  /**
   * @param onRequest called after each request was answered, on the thread of its connection; does
   *     not block
   */
  DroppingSink(Runnable onRequest) throws IOException {
    this.onRequest = onRequest;
    server = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** The number of requests that were answered. */
  long requests() {
    return requests.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        connections.add(socket);
        start(() -> serve(socket));
      }
    } catch (IOException e) {
      if (!server.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serve(Socket socket) {
    try (HttpConnection connection = new HttpConnection(socket)) {
      while (!connection.read().isEmpty()) {
        connection.write(ACCEPTED);
        requests.incrementAndGet();
        onRequest.run();
      }
    } catch (IOException e) {
      if (!server.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "sink");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : connections) {
      socket.close();
    }
  }
}
