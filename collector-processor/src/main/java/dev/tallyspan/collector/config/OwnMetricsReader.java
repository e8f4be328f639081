package dev.tallyspan.collector.config;

import dev.tallyspan.collector.telemetry.NameFilter;
import dev.tallyspan.collector.telemetry.OtlpPush;
import dev.tallyspan.collector.telemetry.PrometheusFormat;
import dev.tallyspan.collector.telemetry.PrometheusFormat.UnitSuffixes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is read from {@code service.telemetry.metrics}.
 *
 * @param listen null to not serve metrics
 */
record OwnMetricsReader(
    @Nullable ListenEndpoint listen, PrometheusFormat format, List<OtlpPush> pushes) {

  private static final Map<String, Boolean> LEVELS =
      Map.of("none", false, "basic", true, "normal", true, "detailed", true);

  /** The name of the exporter, now and before it was marked as experimental. */
  private static final List<String> PROMETHEUS = List.of("prometheus", "prometheus/development");

  private static final OwnMetricsReader DEFAULT =
      new OwnMetricsReader(TelemetryConfig.METRICS, PrometheusFormat.DEFAULT, List.of());

  /**
   * Reads {@code address}, or the readers that newer Collectors have instead. As there, a list of
   * readers replaces the default one.
   */
  static OwnMetricsReader read(@Nullable Section metrics) {
    if (metrics == null) {
      return DEFAULT;
    }
    boolean on = metrics.choice("level", LEVELS, true);
    String address = metrics.text("address");
    ListenEndpoint listen =
        address == null ? TelemetryConfig.METRICS : parse(metrics, "address", address);
    PrometheusFormat format = PrometheusFormat.DEFAULT;
    List<OtlpPush> pushes = new ArrayList<>();
    List<Section> readers = metrics.sections("readers");
    int pulls = 0;
    for (Section reader : readers) {
      Section pull = reader.section("pull");
      Section periodic = reader.section("periodic");
      reader.end();
      if (pull == null && periodic == null) {
        reader.error("must have pull or periodic");
      }
      if (periodic != null) {
        OtlpPush push = OtlpPushReader.read(periodic);
        if (push != null) {
          pushes.add(push);
        }
      }
      if (pull == null) {
        continue;
      }
      if (++pulls > 1) {
        reader.error("pull", reader.name("pull") + ": one reader with pull is supported");
      }
      noEffect(pull);
      Section exporter = pull.section("exporter");
      pull.end();
      Section prometheus = exporter == null ? null : prometheus(exporter);
      if (exporter != null) {
        exporter.end();
      }
      if (prometheus != null) {
        listen =
            new ListenEndpoint(
                prometheus.text("host", listen.host()),
                (int) prometheus.number("port", 0, 65535, listen.port()));
        format = format(prometheus);
        prometheus.end();
      }
    }
    TelemetryReader.noEffect(metrics, "views", "metrics cannot be changed");
    metrics.end();
    boolean served = on && (pulls > 0 || readers.isEmpty() || address != null);
    return new OwnMetricsReader(served ? listen : null, format, on ? pushes : List.of());
  }

  /** Warns of keys that a reader of either kind may have. */
  static void noEffect(Section reader) {
    TelemetryReader.noEffect(reader, "producers", "all metrics are Tallyspan's own");
    TelemetryReader.noEffect(reader, "cardinality_limits", "each metric has its own limit");
  }

  private static @Nullable Section prometheus(Section exporter) {
    for (String name : PROMETHEUS) {
      Section prometheus = exporter.section(name);
      if (prometheus != null) {
        return prometheus;
      }
    }
    return null;
  }

  private static PrometheusFormat format(Section prometheus) {
    PrometheusFormat otherwise = PrometheusFormat.DEFAULT;
    boolean types = otherwise.typeSuffixes();
    UnitSuffixes units = otherwise.unitSuffixes();
    String strategy = prometheus.text("translation_strategy");
    if (strategy != null) {
      switch (strategy) {
        case "UnderscoreEscapingWithSuffixes" -> units = UnitSuffixes.ALL;
        case "UnderscoreEscapingWithoutSuffixes" -> {
          types = false;
          units = UnitSuffixes.NONE;
        }
        default ->
            prometheus.error(
                "translation_strategy",
                prometheus.name("translation_strategy")
                    + ": must be UnderscoreEscapingWithSuffixes or"
                    + " UnderscoreEscapingWithoutSuffixes");
      }
    }
    types = !prometheus.bool("without_type_suffix", !types);
    if (prometheus.has("without_units")) {
      units = prometheus.bool("without_units", false) ? UnitSuffixes.NONE : UnitSuffixes.ALL;
    }
    return new PrometheusFormat(
        types,
        units,
        !prometheus.bool("without_scope_info", !otherwise.scopeLabels()),
        !prometheus.bool("without_target_info", !otherwise.targetInfo()),
        labels(prometheus));
  }

  /** As in the Collector, a filter that includes nothing includes everything. */
  private static NameFilter labels(Section prometheus) {
    Section labels = prometheus.section("with_resource_constant_labels");
    if (labels == null) {
      return PrometheusFormat.DEFAULT.resourceLabels();
    }
    List<String> included = labels.texts("included");
    List<String> excluded = labels.texts("excluded");
    labels.end();
    return new NameFilter(included.isEmpty() ? List.of("*") : included, excluded);
  }

  private static ListenEndpoint parse(Section section, String key, String text) {
    try {
      return ListenEndpoint.parse(text);
    } catch (IllegalArgumentException e) {
      section.error(key, e);
      return TelemetryConfig.METRICS;
    }
  }
}
