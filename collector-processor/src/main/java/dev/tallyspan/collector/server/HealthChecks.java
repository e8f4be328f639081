package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.HealthCheckConfig;
import dev.tallyspan.collector.listen.ListenAddresses;
import dev.tallyspan.collector.telemetry.HealthCheckPages;
import dev.tallyspan.collector.telemetry.TelemetryServer;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The addresses of the extensions {@code health_check}. */
public final class HealthChecks implements AutoCloseable {

  private final List<TelemetryServer> servers = new ArrayList<>();
  private final List<String> addresses = new ArrayList<>();

  private HealthChecks() {}

  /**
   * Starts to listen.
   *
   * @param ready whether the collector accepts data; must not block
   * @throws IOException if an address is in use, or not an address of this machine
   */
  public static HealthChecks start(
      List<HealthCheckConfig> configs, BooleanSupplier ready, InstantSource clock)
      throws IOException {
    HealthChecks checks = new HealthChecks();
    try {
      for (HealthCheckConfig config : configs) {
        TelemetryServer server =
            TelemetryServer.start(
                "extensions." + config.id(),
                ListenAddresses.of(config.endpoint().host(), config.endpoint().port()),
                new HealthCheckPages(
                    config.path(), config.healthyBody(), config.unhealthyBody(), ready, clock));
        checks.servers.add(server);
        checks.addresses.add(
            "http://"
                + ListenAddresses.shown(config.endpoint().host())
                + ":"
                + server.port()
                + config.path());
      }
    } catch (IOException e) {
      checks.close();
      throw e;
    }
    return checks;
  }

  /** Returns the URLs, in the order of the configuration. */
  public List<String> addresses() {
    return List.copyOf(addresses);
  }

  @Override
  public void close() {
    servers.forEach(TelemetryServer::close);
  }
}
