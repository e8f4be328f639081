package dev.tallyspan.collector.telemetry;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;

/**
 * Creates the meters for Tallyspan's own metrics, exposes the metrics as text for Prometheus, and
 * passes them to other readers. Thread-safe.
 *
 * <p>Metrics have the names that the OpenTelemetry Collector uses, where it has the same metric, so
 * that existing dashboards work.
 *
 * @see <a href="https://opentelemetry.io/docs/collector/internal-telemetry/">Collector, internal
 *     telemetry</a>
 */
public final class OwnMetrics implements AutoCloseable {

  private final PullReader reader = new PullReader();
  private final Map<String, PullReader> connectors = new ConcurrentSkipListMap<>();
  private final SdkMeterProvider meters;
  private final PrometheusFormat format;
  private final Attributes resource;
  private final JvmMetrics jvm;

  private OwnMetrics(Builder builder) {
    format = builder.format;
    resource = builder.resource;
    SdkMeterProviderBuilder sdk =
        SdkMeterProvider.builder()
            .setResource(Resource.create(resource))
            .registerMetricReader(reader);
    builder.readers.forEach(sdk::registerMetricReader);
    meters = sdk.build();
    Meter meter = meter("dev.tallyspan.process");
    ProcessMetrics.register(meter, builder.clock);
    jvm = JvmMetrics.register(meter);
  }

  /** Creates an instance with default settings. */
  public static OwnMetrics create() {
    return builder().build();
  }

  static OwnMetrics create(Clock clock) {
    Builder builder = builder();
    builder.clock = clock;
    return builder.build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Returns a meter for one part of the program, whose name is that of the scope. */
  public Meter meter(String name) {
    return meters.get(name);
  }

  /**
   * Returns a reader of metrics that are not about Tallyspan itself. The text contains them too,
   * with the label {@code connector}.
   */
  public MetricReader connectorReader(String connector) {
    return connectors.computeIfAbsent(connector, id -> new PullReader());
  }

  /** Collects all metrics and returns them in Prometheus' text format 0.0.4. */
  public String prometheusText() {
    Map<String, Collection<MetricData>> ofConnectors = new TreeMap<>();
    connectors.forEach((id, each) -> ofConnectors.put(id, each.collect()));
    return PrometheusText.of(reader.collect(), ofConnectors, format, resource);
  }

  /**
   * Returns the sums and gauges that are not 0 and whose name starts so, as rows of name, labels
   * and value, sorted.
   */
  public List<List<String>> figures(String... prefixes) {
    List<List<String>> rows = new ArrayList<>();
    for (MetricData metric : reader.collect()) {
      if (List.of(prefixes).stream().noneMatch(metric.getName()::startsWith)) {
        continue;
      }
      for (PointData point : metric.getData().getPoints()) {
        String value = value(point);
        if (!value.equals("0")) {
          List<String> labels = new ArrayList<>();
          point.getAttributes().forEach((key, label) -> labels.add(key + "=" + label));
          rows.add(List.of(metric.getName(), String.join(" ", labels), value));
        }
      }
    }
    rows.sort(Comparator.comparing((List<String> row) -> row.get(0)).thenComparing(r -> r.get(1)));
    return rows;
  }

  /** Returns 0 for points of histograms, too. */
  private static String value(PointData point) {
    if (point instanceof LongPointData number) {
      return String.format(Locale.ROOT, "%,d", number.getValue());
    }
    if (point instanceof DoublePointData number && number.getValue() != 0) {
      return new BigDecimal(number.getValue())
          .round(new MathContext(6))
          .stripTrailingZeros()
          .toPlainString();
    }
    return "0";
  }

  /** Passes the current values to the other readers. Blocks for up to 2 s. */
  public void flush() {
    meters.forceFlush().join(2, TimeUnit.SECONDS);
  }

  /** Passes the last values to the other readers, and stops. Blocks for up to 5 s. */
  @Override
  public void close() {
    meters.shutdown().join(5, TimeUnit.SECONDS);
    jvm.close();
  }

  /** Builds an {@link OwnMetrics}, with the metrics of the process already registered. */
  public static final class Builder {
    private PrometheusFormat format = PrometheusFormat.DEFAULT;
    private Attributes resource = Attributes.empty();
    private final List<MetricReader> readers = new ArrayList<>();
    private Clock clock = Clock.systemUTC();

    private Builder() {}

    /** Sets the form of the text. Default: {@link PrometheusFormat#DEFAULT}. */
    public Builder format(PrometheusFormat format) {
      this.format = requireNonNull(format, "format");
      return this;
    }

    /** Sets the attributes that describe this process. Default: none. */
    public Builder resource(Attributes resource) {
      this.resource = requireNonNull(resource, "resource");
      return this;
    }

    /** Adds a reader. It is shut down when the metrics are closed. Default: none. */
    public Builder reader(MetricReader reader) {
      readers.add(requireNonNull(reader, "reader"));
      return this;
    }

    public OwnMetrics build() {
      return new OwnMetrics(this);
    }
  }
}
