package dev.tallyspan.collector.config;

import dev.tallyspan.collector.flow.Signal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline for one signal: data from each of the receivers passes through the processors in order
 * and goes to all of the exporters and connectors.
 *
 * @param id {@code traces}, or {@code traces/name}
 * @param receivers may be connectors too, for metrics
 * @param processors of all types, in order; at most one is of the type {@code tallyspan}
 * @param hints those of its processors that set how its exporters batch and how much its receivers
 *     hold: {@code batch} and {@code memory_limiter}
 * @param connectors those that the pipeline lists among its exporters
 * @param queue the mode that the configuration asks for; null for the default, which {@link
 *     CollectorConfig#queueMode} knows
 */
public record PipelineConfig(
    String id,
    Signal signal,
    List<String> receivers,
    List<String> processors,
    List<String> hints,
    List<String> exporters,
    List<String> connectors,
    @Nullable QueueMode queue) {
  public PipelineConfig {
    receivers = List.copyOf(receivers);
    processors = List.copyOf(processors);
    hints = List.copyOf(hints);
    exporters = List.copyOf(exporters);
    connectors = List.copyOf(connectors);
  }

  /** The processor that understands LLM spans; empty if the pipeline has none. */
  public Optional<String> tallyspan() {
    return processors.stream().filter(PipelineConfig::isTallyspan).findFirst();
  }

  /** The processors before {@code tallyspan}; without it, all. */
  public List<String> beforeTallyspan() {
    return processors.stream().takeWhile(id -> !isTallyspan(id)).toList();
  }

  /** The processors that give scores. They act before all others after {@code tallyspan}. */
  public List<String> scorers() {
    return processors.stream().filter(PipelineConfig::isScorer).toList();
  }

  /** The processors after {@code tallyspan}, but for scorers; without it, none. */
  public List<String> afterTallyspan() {
    return processors.stream()
        .dropWhile(id -> !isTallyspan(id))
        .skip(1)
        .filter(id -> !isScorer(id))
        .toList();
  }

  private static boolean isScorer(String id) {
    return ComponentIds.type(id).equals(ScorerConfig.TYPE);
  }

  /** Returns the signals that pipelines get from a receiver. */
  public static Set<Signal> signalsOf(String receiver, List<PipelineConfig> pipelines) {
    Set<Signal> signals = EnumSet.noneOf(Signal.class);
    for (PipelineConfig pipeline : pipelines) {
      if (pipeline.receivers().contains(receiver)) {
        signals.add(pipeline.signal());
      }
    }
    return signals;
  }

  /** Whether a processor is of the type {@code tallyspan}. */
  static boolean isTallyspan(String id) {
    return ComponentIds.type(id).equals("tallyspan");
  }

  PipelineConfig withQueue(QueueMode queue) {
    return new PipelineConfig(
        id, signal, receivers, processors, hints, exporters, connectors, queue);
  }

  /**
   * Returns a pipeline with, or without, this connector.
   *
   * @param listed whether the pipeline passes it what it understood
   */
  PipelineConfig withConnector(String connector, boolean listed) {
    if (connectors.contains(connector) == listed) {
      return this;
    }
    List<String> all = new ArrayList<>(connectors);
    if (listed) {
      all.add(connector);
    } else {
      all.remove(connector);
    }
    return new PipelineConfig(id, signal, receivers, processors, hints, exporters, all, queue);
  }
}
