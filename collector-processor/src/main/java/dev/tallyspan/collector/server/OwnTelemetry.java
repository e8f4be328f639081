package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.ListenEndpoint;
import dev.tallyspan.collector.listen.ListenAddresses;
import dev.tallyspan.collector.telemetry.Health;
import dev.tallyspan.collector.telemetry.OwnMetrics;
import dev.tallyspan.collector.telemetry.TelemetryServer;
import io.opentelemetry.api.metrics.Meter;
import java.io.IOException;

/**
 * What the collector says about itself, and where: {@code /metrics}, {@code /livez}, {@code
 * /readyz}.
 */
public final class OwnTelemetry implements AutoCloseable {

  private final OwnMetrics metrics = OwnMetrics.create();
  private final TelemetryServer server;
  private volatile boolean ready;

  private OwnTelemetry(ListenEndpoint endpoint) throws IOException {
    server =
        endpoint == null
            ? null
            : TelemetryServer.start(
                ListenAddresses.of(endpoint.host(), endpoint.port()),
                metrics::prometheusText,
                new OwnHealth());
  }

  /**
   * Listens from here on.
   *
   * @param endpoint null to measure without being asked
   * @throws IOException if the address is taken or not this machine's
   */
  public static OwnTelemetry start(ListenEndpoint endpoint) throws IOException {
    return new OwnTelemetry(endpoint);
  }

  public Meter meter() {
    return metrics.meter("dev.tallyspan.collector");
  }

  /** The port that is listened on; -1 if none is. */
  public int port() {
    return server == null ? -1 : server.port();
  }

  /** Data may be sent from now on. */
  public void ready() {
    ready = true;
  }

  /** No more data is to be sent; what is here is still handed on. */
  public void draining() {
    ready = false;
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
    metrics.close();
  }

  private final class OwnHealth implements Health {
    @Override
    public boolean live() {
      return true;
    }

    @Override
    public boolean ready() {
      return ready;
    }
  }
}
