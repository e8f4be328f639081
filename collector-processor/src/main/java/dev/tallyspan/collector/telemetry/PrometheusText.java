package dev.tallyspan.collector.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
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
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes metrics in Prometheus' text format.
 *
 * <p>Names are written unchanged, without units or scopes, as the Collector does for its own
 * metrics; those of connectors get the suffix {@code _seconds}, as the Collector's Prometheus
 * exporter adds it. Counters get the suffix {@code _total}. The format does not support exponential
 * histograms, so they are written as their sum and count.
 *
 * @see <a
 *     href="https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format">Prometheus,
 *     text-based format</a>
 */
final class PrometheusText {

  private final StringBuilder out = new StringBuilder();

  /**
   * @param connector that computed the metric; empty for metrics about Tallyspan itself
   */
  private record Source(MetricData metric, String connector) {}

  static String of(Collection<MetricData> metrics) {
    return text(metrics.stream().map(metric -> new Source(metric, "")).toList());
  }

  /**
   * @param metrics by the id of their connector
   */
  static String ofConnectors(Map<String, Collection<MetricData>> metrics) {
    List<Source> sources = new ArrayList<>();
    metrics.forEach((id, each) -> each.forEach(metric -> sources.add(new Source(metric, id))));
    return text(sources);
  }

  private static String text(List<Source> sources) {
    // Two meters may use the same name; the format requires all lines of a name in one group.
    Map<String, List<Source>> families = new TreeMap<>();
    for (Source source : sources) {
      families.computeIfAbsent(family(source), name -> new ArrayList<>()).add(source);
    }
    PrometheusText text = new PrometheusText();
    families.forEach(text::family);
    return text.out.toString();
  }

  private static String family(Source source) {
    MetricData metric = source.metric;
    String name = metricName(metric.getName());
    if (!source.connector.isEmpty() && metric.getUnit().equals("s")) {
      name += "_seconds";
    }
    return type(metric).equals("counter") && !name.endsWith("_total") ? name + "_total" : name;
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
      Attributes labels =
          source.connector.isEmpty()
              ? point.getAttributes()
              : point.getAttributes().toBuilder().put("connector", source.connector).build();
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
