package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.ListenEndpoint;
import dev.tallyspan.collector.config.TelemetryConfig;
import dev.tallyspan.collector.listen.ListenAddresses;
import dev.tallyspan.collector.telemetry.Health;
import dev.tallyspan.collector.telemetry.OtlpPush;
import dev.tallyspan.collector.telemetry.OwnMetrics;
import dev.tallyspan.collector.telemetry.Page;
import dev.tallyspan.collector.telemetry.StatusPage;
import dev.tallyspan.collector.telemetry.TelemetryPages;
import dev.tallyspan.collector.telemetry.TelemetryServer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The collector's own telemetry, and the server for it: {@code /metrics}, {@code /livez}, {@code
 * /readyz}.
 */
public final class OwnTelemetry implements AutoCloseable {

  private final OwnMetrics metrics;
  private final @Nullable TelemetryServer server;
  private volatile BooleanSupplier ready = () -> false;
  private volatile Supplier<List<StatusPage.Table>> status = List::of;

  private OwnTelemetry(OwnMetrics metrics, @Nullable ListenEndpoint endpoint) throws IOException {
    this.metrics = metrics;
    server =
        endpoint == null
            ? null
            : TelemetryServer.start(
                "telemetry",
                ListenAddresses.of(endpoint.host(), endpoint.port()),
                new TelemetryPages(metrics::prometheusText, new OwnHealth(), this::status));
  }

  /**
   * Returns the attributes that describe this process: {@code service.name}, {@code
   * service.version} and {@code service.instance.id}, as the configuration changes them.
   *
   * @param instance identifies the process, for example a random UUID
   */
  public static Attributes resource(TelemetryConfig config, String version, String instance) {
    return config
        .resource()
        .over(
            Attributes.of(
                AttributeKey.stringKey("service.name"),
                "tallyspan",
                AttributeKey.stringKey("service.version"),
                version,
                AttributeKey.stringKey("service.instance.id"),
                instance));
  }

  /**
   * Starts to listen, and to send metrics to the destinations of the configuration.
   *
   * @param resource what describes this process
   * @throws IOException if the address is in use, or not an address of this machine, or if a file
   *     that the configuration names cannot be read
   * @throws IllegalArgumentException if a certificate is not valid
   */
  public static OwnTelemetry start(TelemetryConfig config, Attributes resource) throws IOException {
    OwnMetrics.Builder builder = OwnMetrics.builder().format(config.format()).resource(resource);
    for (OtlpPush push : config.pushes()) {
      try {
        builder.reader(push.reader());
      } catch (IOException e) {
        throw new IOException(
            "service.telemetry.metrics.readers: cannot read " + e.getMessage(), e);
      }
    }
    return started(builder.build(), config.metrics());
  }

  /**
   * Starts to listen, with default settings.
   *
   * @param endpoint null to record metrics without serving them
   * @throws IOException if the address is in use, or not an address of this machine
   */
  public static OwnTelemetry start(@Nullable ListenEndpoint endpoint) throws IOException {
    return started(OwnMetrics.create(), endpoint);
  }

  private static OwnTelemetry started(OwnMetrics metrics, @Nullable ListenEndpoint endpoint)
      throws IOException {
    try {
      return new OwnTelemetry(metrics, endpoint);
    } catch (IOException | RuntimeException e) {
      metrics.close();
      throw e;
    }
  }

  public Meter meter() {
    return metrics.meter("dev.tallyspan.collector");
  }

  /** Returns a reader by which the server also shows the metrics that a connector computes. */
  public MetricReader connectorReader(String connector) {
    return metrics.connectorReader(connector);
  }

  /** Sends the current values to the destinations of the configuration. Blocks for up to 2 s. */
  public void flush() {
    metrics.flush();
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

  /**
   * Says what the page {@code /status} shows above the metrics.
   *
   * @param tables must not block
   */
  public void status(Supplier<List<StatusPage.Table>> tables) {
    status = tables;
  }

  private Page status() {
    List<StatusPage.Table> tables = new ArrayList<>(status.get());
    List<String> head = List.of("metric", "labels", "value");
    tables.add(table("Received", head, "otelcol_receiver_", "tallyspan_receiver_"));
    tables.add(table("LLM spans", head, "tallyspan.llm.", "tallyspan_unpriced_calls"));
    tables.add(
        table("Delivered", head, "otelcol_exporter_", "tallyspan_exporter_", "tallyspan_queue_"));
    return StatusPage.of("Tallyspan", isReady(), tables);
  }

  private StatusPage.Table table(String title, List<String> head, String... metricNames) {
    return new StatusPage.Table(title, head, metrics.figures(metricNames));
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
