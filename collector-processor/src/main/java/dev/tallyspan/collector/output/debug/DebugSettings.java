package dev.tallyspan.collector.output.debug;

import static java.util.Objects.requireNonNull;

/**
 * What an exporter {@code debug} writes, and where.
 *
 * @param samplingInitial how many requests of each signal are written in each second
 * @param samplingThereafter of those after them, which ones: 1 = all, 2 = every second one; 0 =
 *     none
 * @param content whether texts are written that may be what people and models said
 */
public record DebugSettings(
    Verbosity verbosity,
    long samplingInitial,
    long samplingThereafter,
    Target target,
    boolean content) {

  /** How much is written of a request. */
  public enum Verbosity {
    /** One line with counts. */
    BASIC,
    /** And one line for each item. */
    NORMAL,
    /** And all fields of each item. */
    DETAILED
  }

  /** Where it is written. */
  public enum Target {
    /** To the collector's log, with the level INFO. */
    LOG,
    STDOUT,
    STDERR
  }

  /** The Collector's defaults. */
  public static final DebugSettings DEFAULT =
      new DebugSettings(Verbosity.BASIC, 2, 1, Target.LOG, /* content= */ false);

  public DebugSettings {
    requireNonNull(verbosity, "verbosity");
    requireNonNull(target, "target");
    if (samplingInitial < 0 || samplingThereafter < 0) {
      throw new IllegalArgumentException("sampling must not be negative");
    }
  }
}
