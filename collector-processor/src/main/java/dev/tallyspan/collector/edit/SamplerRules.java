package dev.tallyspan.collector.edit;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Processor;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;

/**
 * Which share of the spans is kept, by their trace ids.
 *
 * @param percentage of spans that are kept; 100 and more = all
 * @param hashSeed distinguishes samplers in the mode {@code HASH_SEED}; 32 bits
 * @param precision how many hex digits of the threshold are significant, 1 to 14
 * @param failClosed whether spans without a trace id, or with a contradictory trace state, are
 *     dropped
 */
public record SamplerRules(
    Mode mode, float percentage, int hashSeed, int precision, boolean failClosed)
    implements EditRules {

  /** How a span is chosen. */
  public enum Mode {
    /** By the random bits of the trace, of what samplers before this one kept. */
    PROPORTIONAL,
    /** By the random bits of the trace, so that all spans have the same probability in the end. */
    EQUALIZING,
    /** By a hash of the trace id. */
    HASH_SEED
  }

  /**
   * @throws IllegalArgumentException if a number is out of range
   */
  public SamplerRules {
    requireNonNull(mode, "mode");
    if (!(percentage >= 0) || Float.isInfinite(percentage)) {
      throw new IllegalArgumentException("percentage=" + percentage + ": must not be negative");
    }
    if (precision < 1 || precision > 14) {
      throw new IllegalArgumentException("precision=" + precision + ": must be from 1 to 14");
    }
  }

  @Override
  public List<String> faults(Signal signal) {
    return signal == Signal.TRACES
        ? List.of()
        : List.of("takes traces only: sample other signals in a Collector before Tallyspan");
  }

  @Override
  public Processor processor(String id, Meter meter) {
    return new SamplerProcessor(this, new EditFaults(id, "span", meter), meter);
  }
}
