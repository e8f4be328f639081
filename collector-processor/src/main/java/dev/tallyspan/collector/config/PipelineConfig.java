package dev.tallyspan.collector.config;

import dev.tallyspan.collector.flow.Signal;
import java.util.List;

/**
 * A pipeline for one signal: data from each of the receivers passes through the processors in order
 * and goes to all of the exporters.
 *
 * @param id {@code traces}, or {@code traces/name}
 */
public record PipelineConfig(
    String id,
    Signal signal,
    List<String> receivers,
    List<String> processors,
    List<String> exporters) {
  public PipelineConfig {
    receivers = List.copyOf(receivers);
    processors = List.copyOf(processors);
    exporters = List.copyOf(exporters);
  }
}
