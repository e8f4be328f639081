package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.ListenEndpoint;
import dev.tallyspan.collector.listen.ListenAddresses;
import dev.tallyspan.collector.telemetry.Health;
import dev.tallyspan.collector.telemetry.OwnMetrics;
import dev.tallyspan.collector.telemetry.TelemetryPages;
import dev.tallyspan.collector.telemetry.TelemetryServer;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The collector's own telemetry, and the server for it: {@code /metrics}, {@code /livez}, {@code
 * /readyz}.
 */
public final class OwnTelemetry implements AutoCloseable {

  private final OwnMetrics metrics = OwnMetrics.create();
  private final @Nullable TelemetryServer server;
  private volatile BooleanSupplier ready = () -> false;

  private OwnTelemetry(@Nullable ListenEndpoint endpoint) throws IOException {
    server =
        endpoint == null
            ? null
            : TelemetryServer.start(
                "telemetry",
                ListenAddresses.of(endpoint.host(), endpoint.port()),
                new TelemetryPages(metrics::prometheusText, new OwnHealth()));
  }

  /**
   * Starts to listen.
   *
   * @param endpoint null to record metrics without serving them
   * @throws IOException if the address is in use, or not an address of this machine
   */
  public static OwnTelemetry start(@Nullable ListenEndpoint endpoint) throws IOException {
    return new OwnTelemetry(endpoint);
  }

  public Meter meter() {
    return metrics.meter("dev.tallyspan.collector");
  }

  /** Returns a reader by which the server also shows the metrics that a connector computes. */
  public MetricReader connectorReader(String connector) {
    return metrics.connectorReader(connector);
  }

  /** Returns the port of the server; -1 if there is none. */
  public int port() {
    return server == null ? -1 : server.port();
  }

  /**
   * Reports the collector as ready to accept data.
   *
   * @param healthy whether it can accept data at the moment; must not block
   */
  public void ready(BooleanSupplier healthy) {
    ready = healthy;
  }

  /** Whether the collector accepts data now. */
  public boolean isReady() {
    return ready.getAsBoolean();
  }

  /** Reports the collector as not ready, while it still delivers pending data. */
  public void draining() {
    ready = () -> false;
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
      return isReady();
    }
  }
}
