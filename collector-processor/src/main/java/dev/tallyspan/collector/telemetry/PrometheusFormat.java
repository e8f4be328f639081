package dev.tallyspan.collector.telemetry;

import static java.util.Objects.requireNonNull;

/**
 * How metrics are named and labelled for Prometheus.
 *
 * @param typeSuffixes whether counters end in {@code _total}; default true
 * @param unitSuffixes which metrics end in their unit; default {@link UnitSuffixes#NEW_NAMES}
 * @param scopeLabels whether every series has the labels {@code otel_scope_...}; default false
 * @param targetInfo whether the resource is written as {@code target_info}; default true
 * @param resourceLabels the attributes of the resource that are labels of every series; default
 *     none
 */
public record PrometheusFormat(
    boolean typeSuffixes,
    UnitSuffixes unitSuffixes,
    boolean scopeLabels,
    boolean targetInfo,
    NameFilter resourceLabels) {

  /** Which metrics end in their unit, such as {@code _seconds} or {@code _bytes}. */
  public enum UnitSuffixes {
    /** None, except for units that are part of a name. */
    NONE,
    /**
     * Those whose names have dots, as OpenTelemetry names metrics today: {@code jvm.memory.used}
     * becomes {@code jvm_memory_used_bytes}. The Collector's older names, such as {@code
     * otelcol_process_uptime}, are left as they are.
     */
    NEW_NAMES,
    /** All that have a unit. */
    ALL
  }

  public static final PrometheusFormat DEFAULT =
      new PrometheusFormat(true, UnitSuffixes.NEW_NAMES, false, true, NameFilter.NONE);

  public PrometheusFormat {
    requireNonNull(unitSuffixes, "unitSuffixes");
    requireNonNull(resourceLabels, "resourceLabels");
  }
}
