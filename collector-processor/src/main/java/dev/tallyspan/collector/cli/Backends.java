package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ExporterConfig;
import dev.tallyspan.collector.exporter.Endpoint;
import dev.tallyspan.collector.flow.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The backends of a configuration, seen from here: can they be reached, where do they show traces.
 */
final class Backends {

  private static final int OTLP_GRPC = 4317;
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** A server on this machine answers at once. */
  private static final Duration LOCAL_TIMEOUT = Duration.ofMillis(300);

  /**
   * Why a backend cannot be reached.
   *
   * @param address host and port
   */
  record Unreachable(String exporter, String address, String reason) {
    @Override
    public String toString() {
      return address + " cannot be reached (" + reason + "): start the backend, or check its URL";
    }
  }

  private final CollectorConfig config;

  Backends(CollectorConfig config) {
    this.config = config;
  }

  /**
   * Returns the backends that cannot be reached. Blocks for up to two seconds for each address that
   * does not answer.
   */
  List<Unreachable> unreachable() {
    List<Unreachable> found = new ArrayList<>();
    for (ExporterConfig exporter : config.exporters()) {
      for (Endpoint endpoint : endpoints(exporter)) {
        String fault = BackendAddress.fault(endpoint, TIMEOUT);
        if (!fault.isEmpty()) {
          found.add(new Unreachable(exporter.id(), endpoint.authority(), fault));
        }
      }
    }
    return found;
  }

  /** Names backends that cannot be reached, while the server is already running. */
  void warn(Notices notices) {
    if (config.exporters().isEmpty()) {
      return;
    }
    Thread checking =
        new Thread(
            () ->
                unreachable()
                    .forEach(
                        backend -> notices.warn("exporter " + backend.exporter() + ": " + backend)),
            "check-backends");
    checking.setDaemon(true);
    checking.start();
  }

  /** Returns the URL of a trace in the first backend for which it is known; empty if none is. */
  String traceUrl() {
    TraceUrls urls =
        new TraceUrls(endpoint -> BackendAddress.fault(endpoint, LOCAL_TIMEOUT).isEmpty());
    return config.exporters().stream()
        .flatMap(
            exporter ->
                traces(exporter)
                    .flatMap(endpoint -> urls.of(endpoint, exporter.headers()))
                    .stream())
        .findFirst()
        .orElse("");
  }

  private static Optional<Endpoint> traces(ExporterConfig exporter) {
    String own = exporter.signalEndpoints().get(Signal.TRACES);
    String endpoint = own != null ? own : exporter.endpoint();
    return Optional.ofNullable(endpoint).map(text -> Endpoint.parse(text, OTLP_GRPC));
  }

  private static Set<Endpoint> endpoints(ExporterConfig exporter) {
    Set<Endpoint> endpoints = new LinkedHashSet<>();
    if (exporter.endpoint() != null) {
      endpoints.add(address(exporter.endpoint()));
    }
    exporter.signalEndpoints().values().forEach(text -> endpoints.add(address(text)));
    return endpoints;
  }

  private static Endpoint address(String text) {
    Endpoint endpoint = Endpoint.parse(text, OTLP_GRPC);
    return new Endpoint(endpoint.scheme(), endpoint.host(), endpoint.port(), "");
  }
}
