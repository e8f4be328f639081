package dev.tallyspan.collector.config;

import dev.tallyspan.collector.flow.Signal;
import java.util.List;

/**
 * A way for one signal: what any of the receivers takes passes the processors in their order and
 * goes to all of the exporters.
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
