package dev.tallyspan.collector.telemetry;

import static java.util.Objects.requireNonNull;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pages of the collector's own telemetry: {@code /metrics} in Prometheus' text format, and
 * {@code /livez} and {@code /readyz}, which answer 200 or 503.
 *
 * @param metrics called for each request for metrics
 */
public record TelemetryPages(Supplier<String> metrics, Health health) implements Pages {

  public TelemetryPages {
    requireNonNull(metrics, "metrics");
    requireNonNull(health, "health");
  }

  @Override
  public @Nullable Page page(String path) {
    return switch (path) {
      case "/metrics" -> Page.ofMetrics(metrics.get());
      case "/livez" -> Page.ofState(health.live());
      case "/readyz" -> Page.ofState(health.live() && health.ready());
      default -> null;
    };
  }
}
