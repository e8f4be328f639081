package dev.tallyspan.collector.server;

import dev.tallyspan.collector.accounting.Accounting;
import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.PipelineConfig;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.flow.PerSignal;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.pipeline.TraceStep;
import dev.tallyspan.collector.processor.LlmMetrics;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a processor gets, what it finds out and what it passes on. Thread-safe.
 *
 * <p>Each output of a queued pipeline processes every request, at its own pace. Only the first one
 * counts: the first exporter or, without exporters, the first connector. Several pipelines may use
 * one processor: a request that all of them get counts once for each in the items, while a span
 * counts once, unless one pipeline is more than 65,536 spans behind another.
 */
final class ProcessedItems implements AutoCloseable {

  private static final AttributeKey<String> PROCESSOR = AttributeKey.stringKey("processor");
  private static final AttributeKey<String> SIGNAL = AttributeKey.stringKey("otel.signal");

  private final LlmMetrics spans;
  private final Accounting accounting;
  private final LongCounter in;
  private final LongCounter out;
  private final PerSignal<Attributes> labels;

  private ProcessedItems(String processor, Meter meter) {
    spans = new LlmMetrics(meter, processor);
    accounting = new Accounting(List.of(spans), List.of());
    in = counter(meter, "incoming", "passed to the processor");
    out = counter(meter, "outgoing", "emitted from the processor");
    labels = PerSignal.of(signal -> Attributes.of(PROCESSOR, processor, SIGNAL, signal.id()));
  }

  private static LongCounter counter(Meter meter, String direction, String description) {
    return meter
        .counterBuilder("otelcol_processor_" + direction + "_items")
        .setUnit("{item}")
        .setDescription("Number of items " + description + ".")
        .build();
  }

  /**
   * Lets each processor of a configuration count.
   *
   * @param processed by the id of the processor; gets those that it does not have
   */
  static void start(CollectorConfig config, Meter meter, Map<String, ProcessedItems> processed) {
    for (ProcessorConfig processor : config.processors()) {
      ProcessedItems items =
          processed.computeIfAbsent(processor.id(), id -> new ProcessedItems(id, meter));
      config.pipelines().stream()
          .filter(pipeline -> pipeline.processors().contains(processor.id()))
          .map(PipelineConfig::signal)
          .distinct()
          .forEach(items::start);
    }
  }

  /** Returns the counts of a pipeline's processor; null if it has no processor. */
  static @Nullable ProcessedItems of(
      PipelineConfig pipeline, Map<String, ProcessedItems> processed) {
    return pipeline.tallyspan().map(processed::get).orElse(null);
  }

  /** Exports the counts of a signal, so that the first items appear as an increase. */
  private void start(Signal signal) {
    in.add(0, labels.get(signal));
    out.add(0, labels.get(signal));
  }

  /**
   * Returns the processors with one more that counts what they get.
   *
   * @param position of the one that counts
   */
  List<Processor> before(List<? extends Processor> processors, int position) {
    List<Processor> all = new ArrayList<>(processors);
    all.add(
        position,
        batch -> {
          in.add(batch.request().items(), labels.get(batch.request().signal()));
          return batch;
        });
    return all;
  }

  /**
   * Returns a step that counts the spans about which everything is decided, samples, and counts
   * what is left.
   *
   * @param sampling null to keep everything
   */
  TraceStep with(@Nullable TraceStep sampling) {
    return parts -> {
      List<Batch> left = accounting.apply(parts);
      if (sampling != null) {
        left = sampling.apply(left);
      }
      for (Batch batch : left) {
        out.add(batch.request().items(), labels.get(batch.request().signal()));
      }
      return left;
    };
  }

  /** Returns the same for a pipeline that passes on every request whole. */
  Processor decided() {
    TraceStep step = with(null);
    return batch -> step.apply(List.of(batch)).get(0);
  }

  /** Ends the series of the spans. */
  @Override
  public void close() {
    spans.close();
  }
}
