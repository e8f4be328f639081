package dev.tallyspan.collector.config;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown if a configuration is not valid, with all its faults. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<Fault> faults;

  /**
   * @param source the name of the file; empty for the environment
   * @param faults at least one
   */
  ConfigException(String source, List<Fault> faults) {
    super(
        faults.stream()
            .map(fault -> source.isEmpty() ? fault.toString() : source + ":" + fault)
            .collect(Collectors.joining("\n")));
    this.faults = List.copyOf(faults);
  }

  /** In the order of the file. */
  public List<Fault> faults() {
    return faults;
  }
}
