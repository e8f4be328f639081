package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.listen.CannotListenException;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongUpDownCounter;
import java.io.IOException;
import java.time.Duration;

/**
 * A server of OTLP/gRPC and OTLP/HTTP for traces, logs and metrics.
 *
 * <p>What it promises a sender beyond the protocol: memory for all requests together is bounded, by
 * what is really allocated; a request larger than the limit is refused after as much of it as the
 * limit, however small it was compressed; a sender that stalls is disconnected; and one sender's
 * bad input does not touch another's request, nor its own next one.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/">OTLP 1.11.0</a>
 */
public final class OtlpReceiver implements AutoCloseable {

  private final GrpcSettings grpcSettings;
  private final HttpSettings httpSettings;
  private final RequestDispatcher grpcReception;
  private final RequestDispatcher httpReception;
  private final ByteBudget budget;
  private final ObservableLongUpDownCounter inFlight;

  private EventLoops loops;
  private boolean stopped;
  private boolean closed;
  // Read without the lock, which is held while requests in flight are waited for.
  private volatile GrpcServer grpc;
  private volatile HttpServer http;

  OtlpReceiver(
      GrpcSettings grpcSettings,
      HttpSettings httpSettings,
      Intake intake,
      long maxInFlightBytes,
      Meter meter,
      String name) {
    this.grpcSettings = grpcSettings;
    this.httpSettings = httpSettings;
    this.grpcReception = new RequestDispatcher(intake, new ReceiverMetrics(meter, name, "grpc"));
    this.httpReception = new RequestDispatcher(intake, new ReceiverMetrics(meter, name, "http"));
    this.budget = new ByteBudget(maxInFlightBytes);
    this.inFlight = ReceiverMetrics.inFlight(meter, name, budget::used);
  }

  /** A receiver with neither protocol; at least one is to be named. */
  public static OtlpReceiverBuilder builder() {
    return new OtlpReceiverBuilder();
  }

  /**
   * Listens from here on.
   *
   * @throws IOException if an address is taken or not this machine's; nothing listens then
   * @throws IllegalArgumentException if a TLS file cannot be read
   */
  public synchronized void start() throws IOException {
    if (loops != null) {
      throw new IllegalStateException("the receiver has been started before");
    }
    loops = new EventLoops();
    try {
      if (grpcSettings != null) {
        grpc = startGrpc();
      }
      if (httpSettings != null) {
        http = startHttp();
      }
    } catch (IOException | RuntimeException e) {
      close(Duration.ZERO);
      throw e;
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

  /** Closes with ten seconds for the requests in flight. */
  @Override
  public void close() {
    close(Duration.ofSeconds(10));
  }

  /**
   * Takes no more requests; those in flight go on, and their senders can be answered until {@link
   * #close(Duration)}. Does not wait.
   */
  public synchronized void stopAccepting() {
    if (loops == null || stopped) {
      return;
    }
    stopped = true;
    if (grpc != null) {
      grpc.stopAccepting();
    }
    if (http != null) {
      http.stopAccepting();
    }
  }

  /**
   * Takes no more requests and waits for the answers to those in flight.
   *
   * @param drain the longest to wait; zero ends them at once
   */
  public synchronized void close(Duration drain) {
    if (loops == null || closed) {
      return;
    }
    closed = true;
    long deadline = System.nanoTime() + drain.toNanos();
    stopAccepting();
    try {
      if (grpc != null) {
        grpc.awaitAndClose(left(deadline));
      }
      if (http != null) {
        http.awaitAndClose(left(deadline));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      inFlight.close();
      loops.close();
      grpc = null;
      http = null;
    }
  }

  private GrpcServer startGrpc() throws IOException {
    try {
      return GrpcServer.start(grpcSettings, grpcReception, budget, loops);
    } catch (CannotListenException e) {
      throw new IOException("protocols.grpc.endpoint=" + e.getMessage(), e);
    }
  }

  private HttpServer startHttp() throws IOException {
    try {
      return HttpServer.start(httpSettings, httpReception, budget, loops);
    } catch (CannotListenException e) {
      throw new IOException("protocols.http.endpoint=" + e.getMessage(), e);
    }
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }
}
