package dev.tallyspan.collector.output.metrics;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Intake;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The SDK for metrics that Tallyspan computes from data, apart from those about itself: with its
 * own resource and its own limit of series. Sends metrics as OTLP requests to pipelines. Thread-
 * safe.
 */
public final class MetricSource implements AutoCloseable {

  private final SdkMeterProvider meters;
  private final RequestExporter exporter = new RequestExporter();

  private MetricSource(Builder builder) {
    Resource resource =
        Resource.getDefault().toBuilder()
            .put(AttributeKey.stringKey("service.name"), "tallyspan")
            .put(AttributeKey.stringKey("service.instance.id"), builder.instance)
            .build();
    SdkMeterProviderBuilder sdk = SdkMeterProvider.builder().setResource(resource);
    for (MetricReader reader : builder.readers) {
      sdk.registerMetricReader(reader, instrument -> builder.cardinalityLimit);
    }
    if (builder.interval != null) {
      sdk.registerMetricReader(
          PeriodicMetricReader.builder(exporter).setInterval(builder.interval).build(),
          instrument -> builder.cardinalityLimit);
    }
    meters = sdk.build();
  }

  /**
   * @param instance identifies this process in the resource, as {@code service.instance.id}
   */
  public static Builder builder(String instance) {
    return new Builder(instance);
  }

  /** Returns a meter for one part of the program. */
  public Meter meter(String scope) {
    return meters.get(scope);
  }

  /** Starts to send metrics to pipelines. What was recorded before is not lost. */
  public void sendTo(Intake pipelines) {
    exporter.sendTo(pipelines);
  }

  /**
   * Sends the current values at once.
   *
   * @param limit how long to wait until the pipelines have accepted them
   */
  public void flush(Duration limit) {
    meters.forceFlush().join(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Stops. Call {@link #flush} first, if the pipelines still accept requests. */
  @Override
  public void close() {
    exporter.stop();
    meters.shutdown().join(1, TimeUnit.SECONDS);
  }

  /** Builds a {@link MetricSource}. */
  public static final class Builder {
    private final String instance;
    private final List<MetricReader> readers = new ArrayList<>();
    private int cardinalityLimit = 2000;
    private @Nullable Duration interval;

    Builder(String instance) {
      this.instance = requireNonNull(instance, "instance");
    }

    /** Adds a reader, for example of the Prometheus endpoint. Default: none. */
    public Builder reader(MetricReader reader) {
      readers.add(requireNonNull(reader, "reader"));
      return this;
    }

    /**
     * The most series of each metric. One of them has the attribute {@code
     * otel.metric.overflow=true} and sums all that do not fit. Default: 2000.
     *
     * @throws IllegalArgumentException if it is less than 2
     */
    public Builder cardinalityLimit(int limit) {
      if (limit < 2) {
        throw new IllegalArgumentException("cardinality_limit=" + limit + ": must be 2 or more");
      }
      cardinalityLimit = limit;
      return this;
    }

    /** Sends OTLP requests at this interval. Default: not at all. */
    public Builder interval(Duration interval) {
      this.interval = requireNonNull(interval, "interval");
      return this;
    }

    public MetricSource build() {
      return new MetricSource(this);
    }
  }
}
