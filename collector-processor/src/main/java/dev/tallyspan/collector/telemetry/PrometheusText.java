package dev.tallyspan.collector.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes metrics in Prometheus' text format.
 *
 * <p>The format does not support exponential histograms, so they are written as their sum and
 * count.
 *
 * @see <a
 *     href="https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format">Prometheus,
 *     text-based format</a>
 */
final class PrometheusText {

  private static final AttributeKey<String> CONNECTOR = AttributeKey.stringKey("connector");
  private static final AttributeKey<String> SCOPE_NAME = AttributeKey.stringKey("otel.scope.name");
  private static final AttributeKey<String> SCOPE_VERSION =
      AttributeKey.stringKey("otel.scope.version");
  private static final AttributeKey<String> SCOPE_SCHEMA_URL =
      AttributeKey.stringKey("otel.scope.schema_url");

  private final StringBuilder out = new StringBuilder();
  private final PrometheusFormat format;
  private final Attributes everywhere;

  /**
   * @param connector that computed the metric; empty for metrics about Tallyspan itself
   */
  private record Source(MetricData metric, String connector) {}

  private PrometheusText(PrometheusFormat format, Attributes resource) {
    this.format = format;
    AttributesBuilder labels = Attributes.builder();
    resource.forEach(
        (key, value) -> {
          if (format.resourceLabels().selects(key.getKey())) {
            labels.put(key.getKey(), value.toString());
          }
        });
    everywhere = labels.build();
  }

  /**
   * @param own metrics about Tallyspan itself
   * @param ofConnectors metrics by the id of their connector
   */
  static String of(
      Collection<MetricData> own,
      Map<String, Collection<MetricData>> ofConnectors,
      PrometheusFormat format,
      Attributes resource) {
    PrometheusText text = new PrometheusText(format, resource);
    if (format.targetInfo() && !resource.isEmpty()) {
      text.targetInfo(resource);
    }
    text.families(own.stream().map(metric -> new Source(metric, "")).toList());
    List<Source> sources = new ArrayList<>();
    ofConnectors.forEach((id, each) -> each.forEach(metric -> sources.add(new Source(metric, id))));
    text.families(sources);
    return text.out.toString();
  }

  private void targetInfo(Attributes resource) {
    out.append("# HELP target_info Target metadata\n# TYPE target_info gauge\n");
    sample("target_info", resource, null, null, "1");
  }

  private void families(List<Source> sources) {
    // Two meters may use the same name; the format requires all lines of a name in one group.
    Map<String, List<Source>> families = new TreeMap<>();
    for (Source source : sources) {
      families.computeIfAbsent(family(source.metric), name -> new ArrayList<>()).add(source);
    }
    families.forEach(this::family);
  }

  private String family(MetricData metric) {
    String name = metricName(metric.getName());
    String unit = unit(metric);
    if (!unit.isEmpty() && !name.endsWith(unit)) {
      name += unit;
    }
    boolean total = format.typeSuffixes() && type(metric).equals("counter");
    return total && !name.endsWith("_total") ? name + "_total" : name;
  }

  /** Returns the suffix for the metric's unit; empty if it has none. */
  private String unit(MetricData metric) {
    boolean wanted =
        switch (format.unitSuffixes()) {
          case NONE -> false;
          case NEW_NAMES -> metric.getName().indexOf('.') >= 0;
          case ALL -> true;
        };
    if (!wanted) {
      return "";
    }
    return switch (metric.getUnit()) {
      case "s" -> "_seconds";
      case "ms" -> "_milliseconds";
      case "By" -> "_bytes";
      default -> "";
    };
  }

  private static String type(MetricData metric) {
    return switch (metric.getType()) {
      case LONG_SUM -> metric.getLongSumData().isMonotonic() ? "counter" : "gauge";
      case DOUBLE_SUM -> metric.getDoubleSumData().isMonotonic() ? "counter" : "gauge";
      case LONG_GAUGE, DOUBLE_GAUGE -> "gauge";
      case HISTOGRAM -> "histogram";
      case EXPONENTIAL_HISTOGRAM, SUMMARY -> "summary";
    };
  }

  private void family(String name, List<Source> sources) {
    MetricData first = sources.get(0).metric;
    if (!first.getDescription().isEmpty()) {
      out.append("# HELP ").append(name).append(' ');
      escaped(first.getDescription(), /* quotes= */ false);
      out.append('\n');
    }
    out.append("# TYPE ").append(name).append(' ').append(type(first)).append('\n');
    for (Source source : sources) {
      // A second type under the same name would make the whole text invalid.
      if (source.metric.getType() == first.getType()) {
        points(name, source);
      }
    }
  }

  private void points(String name, Source source) {
    for (PointData point : source.metric.getData().getPoints()) {
      Attributes labels = labels(source, point.getAttributes());
      if (point instanceof LongPointData value) {
        sample(name, labels, null, null, Long.toString(value.getValue()));
      } else if (point instanceof DoublePointData value) {
        sample(name, labels, null, null, number(value.getValue()));
      } else if (point instanceof HistogramPointData value) {
        buckets(name, labels, value);
        sumAndCount(name, labels, value.getSum(), value.getCount());
      } else if (point instanceof ExponentialHistogramPointData value) {
        sumAndCount(name, labels, value.getSum(), value.getCount());
      }
    }
  }

  private Attributes labels(Source source, Attributes own) {
    if (source.connector.isEmpty() && everywhere.isEmpty() && !format.scopeLabels()) {
      return own;
    }
    AttributesBuilder labels = everywhere.toBuilder();
    if (format.scopeLabels()) {
      InstrumentationScopeInfo scope = source.metric.getInstrumentationScopeInfo();
      labels.put(SCOPE_NAME, scope.getName());
      labels.put(SCOPE_VERSION, Objects.requireNonNullElse(scope.getVersion(), ""));
      labels.put(SCOPE_SCHEMA_URL, Objects.requireNonNullElse(scope.getSchemaUrl(), ""));
    }
    // The point's own labels replace those of the resource.
    labels.putAll(own);
    if (!source.connector.isEmpty()) {
      labels.put(CONNECTOR, source.connector);
    }
    return labels.build();
  }

  private void buckets(String name, Attributes labels, HistogramPointData histogram) {
    long cumulative = 0;
    for (int i = 0; i < histogram.getCounts().size(); i++) {
      cumulative += histogram.getCounts().get(i);
      String bound =
          i < histogram.getBoundaries().size() ? number(histogram.getBoundaries().get(i)) : "+Inf";
      sample(name + "_bucket", labels, "le", bound, Long.toString(cumulative));
    }
  }

  private void sumAndCount(String name, Attributes labels, double sum, long count) {
    sample(name + "_sum", labels, null, null, number(sum));
    sample(name + "_count", labels, null, null, Long.toString(count));
  }

  private void sample(
      String name,
      Attributes labels,
      @Nullable String extraLabel,
      @Nullable String extraValue,
      String value) {
    out.append(name);
    char separator = '{';
    for (Map.Entry<AttributeKey<?>, Object> label : labels.asMap().entrySet()) {
      out.append(separator).append(labelName(label.getKey().getKey())).append("=\"");
      escaped(label.getValue().toString(), /* quotes= */ true);
      out.append('"');
      separator = ',';
    }
    if (extraLabel != null) {
      out.append(separator).append(extraLabel).append("=\"").append(extraValue).append('"');
      separator = ',';
    }
    if (separator == ',') {
      out.append('}');
    }
    out.append(' ').append(value).append('\n');
  }

  private static String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return Double.toString(value);
  }

  private void escaped(String text, boolean quotes) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '"' -> out.append(quotes ? "\\\"" : "\"");
        default -> out.append(c);
      }
    }
  }

  private static String metricName(String name) {
    return sanitized(name, ":");
  }

  private static String labelName(String name) {
    return sanitized(name, "");
  }

  private static String sanitized(String name, String alsoAllowed) {
    StringBuilder sanitized = new StringBuilder(name.length() + 1);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
      boolean digit = c >= '0' && c <= '9';
      if (digit && i == 0) {
        sanitized.append('_');
      }
      sanitized.append(letter || digit || alsoAllowed.indexOf(c) >= 0 ? c : '_');
    }
    return sanitized.toString();
  }
}
