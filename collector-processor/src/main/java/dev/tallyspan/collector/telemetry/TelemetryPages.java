package dev.tallyspan.collector.telemetry;

import static java.util.Objects.requireNonNull;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pages of the collector's own telemetry: {@code /metrics} in Prometheus' text format, and
 * {@code /livez} and {@code /readyz}, which answer 200 or 503; and {@code /status} for people.
 *
 * @param metrics called for each request for metrics
 * @param status called for each request for the status
 */
public record TelemetryPages(Supplier<String> metrics, Health health, Supplier<Page> status)
    implements Pages {

  public TelemetryPages {
    requireNonNull(metrics, "metrics");
    requireNonNull(health, "health");
    requireNonNull(status, "status");
  }

  @Override
  public @Nullable Page page(String path) {
    return switch (path) {
      case "/metrics" -> Page.ofMetrics(metrics.get());
      case "/livez" -> Page.ofState(health.live());
      case "/readyz" -> Page.ofState(health.live() && health.ready());
      case "/status" -> status.get();
      default -> null;
    };
  }
}
