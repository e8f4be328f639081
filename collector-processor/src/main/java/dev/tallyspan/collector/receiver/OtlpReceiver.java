package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.listen.CannotListenException;
import io.opentelemetry.api.metrics.BatchCallback;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Receives traces, logs and metrics over OTLP/gRPC and OTLP/HTTP, and as log records over HTTP,
 * scores in the form of other APIs.
 *
 * <p>In addition to the protocol, it guarantees: the memory that all requests together actually
 * allocate is limited; a request larger than its limit is refused as soon as that many bytes are
 * decompressed, however small it is compressed; a sender that stalls is disconnected; bad input
 * affects neither the requests of other senders nor the sender's own next request.
 *
 * <p>Thread-safe. {@link #start} and {@link #close} block, and exclude each other.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/">OTLP 1.11.0</a>
 */
public final class OtlpReceiver implements AutoCloseable {

  private final @Nullable GrpcSettings grpcSettings;
  private final @Nullable HttpSettings httpSettings;
  private final RequestDispatcher grpcReception;
  private final RequestDispatcher httpReception;
  private final ByteBudget budget;
  private final BatchCallback inFlight;

  // Held during start and close, also while close waits for the requests in flight.
  private final Object lock = new Object();

  // Guarded by the lock.
  private @Nullable EventLoops loops;
  private boolean stopped;
  private boolean closed;

  // Written under the lock, read without it.
  private volatile @Nullable GrpcServer grpc;
  private volatile @Nullable HttpServer http;

  OtlpReceiver(
      @Nullable GrpcSettings grpcSettings,
      @Nullable HttpSettings httpSettings,
      Intake intake,
      long maxInFlightBytes,
      Meter meter,
      String name) {
    this.grpcSettings = grpcSettings;
    this.httpSettings = httpSettings;
    Meter off = MeterProvider.noop().get("tallyspan");
    this.grpcReception =
        new RequestDispatcher(
            intake, new ReceiverMetrics(grpcSettings == null ? off : meter, name, "grpc"));
    this.httpReception =
        new RequestDispatcher(
            intake, new ReceiverMetrics(httpSettings == null ? off : meter, name, "http"));
    this.budget = new ByteBudget(maxInFlightBytes);
    this.inFlight = ReceiverMetrics.inFlight(meter, name, budget::used, maxInFlightBytes);
  }

  /** Returns a builder of a receiver. Configure at least one protocol. */
  public static OtlpReceiverBuilder builder() {
    return new OtlpReceiverBuilder();
  }

  /**
   * Starts to listen. Blocks until the addresses are bound.
   *
   * @throws IOException if an address is in use or does not belong to this machine; then nothing
   *     listens
   * @throws IllegalArgumentException if a TLS file cannot be read
   */
  public void start() throws IOException {
    synchronized (lock) {
      if (loops != null) {
        throw new IllegalStateException("the receiver was already started");
      }
      EventLoops started = new EventLoops();
      loops = started;
      try {
        if (grpcSettings != null) {
          grpc = startGrpc(grpcSettings, started);
        }
        if (httpSettings != null) {
          http = startHttp(httpSettings, started);
        }
      } catch (IOException | RuntimeException e) {
        close(Duration.ZERO);
        throw e;
      }
    }
  }

  /** The port of OTLP/gRPC; -1 if it is off, not started or closed. */
  public int grpcPort() {
    GrpcServer server = grpc;
    return server == null ? -1 : server.port();
  }

  /** The port of OTLP/HTTP; -1 if it is off, not started or closed. */
  public int httpPort() {
    HttpServer server = http;
    return server == null ? -1 : server.port();
  }

  /** Closes with a drain of 10 s. */
  @Override
  public void close() {
    close(Duration.ofSeconds(10));
  }

  /**
   * Stops accepting requests. Those in flight continue, and their senders can be answered until
   * {@link #close(Duration)}. Does not wait for them.
   */
  public void stopAccepting() {
    synchronized (lock) {
      if (loops == null || stopped) {
        return;
      }
      stopped = true;
      GrpcServer grpcServer = grpc;
      if (grpcServer != null) {
        grpcServer.stopAccepting();
      }
      HttpServer httpServer = http;
      if (httpServer != null) {
        httpServer.stopAccepting();
      }
    }
  }

  /**
   * Stops accepting requests, and blocks until those in flight are answered.
   *
   * @param drain the maximum time to wait; zero cancels the requests immediately
   */
  public void close(Duration drain) {
    synchronized (lock) {
      EventLoops started = loops;
      if (started == null || closed) {
        return;
      }
      closed = true;
      long deadline = System.nanoTime() + drain.toNanos();
      stopAccepting();
      GrpcServer grpcServer = grpc;
      HttpServer httpServer = http;
      try {
        if (grpcServer != null) {
          grpcServer.awaitAndClose(left(deadline));
        }
        if (httpServer != null) {
          httpServer.awaitAndClose(left(deadline));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        inFlight.close();
        started.close();
        grpc = null;
        http = null;
      }
    }
  }

  private GrpcServer startGrpc(GrpcSettings settings, EventLoops started) throws IOException {
    try {
      return GrpcServer.start(settings, grpcReception, budget, started);
    } catch (CannotListenException e) {
      throw new IOException("protocols.grpc.endpoint=" + e.getMessage(), e);
    }
  }

  private HttpServer startHttp(HttpSettings settings, EventLoops started) throws IOException {
    try {
      return HttpServer.start(settings, httpReception, budget, started);
    } catch (CannotListenException e) {
      throw new IOException("protocols.http.endpoint=" + e.getMessage(), e);
    }
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }
}
