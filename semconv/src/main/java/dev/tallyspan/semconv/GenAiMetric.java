package dev.tallyspan.semconv;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A metric of the GenAI conventions, with the properties of its instrument.
 *
 * @param name the name in the newest generation
 * @param coreName the name in the generation of v1.41; null if it does not exist there
 * @param unit the unit in UCUM: {@code s}, <code>{token}</code>
 * @param description one sentence
 * @param instrument the type of instrument
 * @param buckets the bucket boundaries that the conventions recommend; empty for counters, and if
 *     there is no recommendation
 */
public record GenAiMetric(
    String name,
    @Nullable String coreName,
    String unit,
    String description,
    Instrument instrument,
    List<Double> buckets) {

  /** The type of instrument that records a metric. */
  public enum Instrument {
    /** A sum that only grows. */
    COUNTER,
    /** A distribution. */
    HISTOGRAM
  }

  /**
   * Checks and copies the components.
   *
   * @param name the name in the newest generation
   * @param coreName the name in the generation of v1.41; null if it does not exist there
   * @param unit the unit in UCUM: {@code s}, <code>{token}</code>
   * @param description one sentence
   * @param instrument the type of instrument
   * @param buckets the bucket boundaries that the conventions recommend; empty for counters, and if
   *     there is no recommendation
   */
  public GenAiMetric {
    buckets = List.copyOf(buckets);
  }

  /**
   * {@return the name in this generation; null if the generation does not have the metric}
   *
   * @param generation the generation of the conventions
   */
  public @Nullable String name(ConventionVersion generation) {
    return generation == ConventionVersion.CORE_1_41 ? coreName : name;
  }

  static GenAiMetric counter(
      String name, @Nullable String coreName, String unit, String description) {
    return new GenAiMetric(name, coreName, unit, description, Instrument.COUNTER, List.of());
  }

  /**
   * @param buckets the boundaries, separated by spaces
   */
  static GenAiMetric histogram(
      String name, @Nullable String coreName, String unit, String description, String buckets) {
    List<Double> boundaries = new ArrayList<>();
    for (String boundary : buckets.isEmpty() ? new String[0] : buckets.split(" ")) {
      boundaries.add(Double.valueOf(boundary));
    }
    return new GenAiMetric(name, coreName, unit, description, Instrument.HISTOGRAM, boundaries);
  }
}
