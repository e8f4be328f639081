package dev.tallyspan.collector.config;

import dev.tallyspan.collector.exporter.QueueSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The processors {@code batch} and {@code memory_limiter}. They are processors in the Collector
 * only; here, they set how exporters batch and how much receivers hold.
 */
final class PipelineHints {

  /** The types, which are not processors of a pipeline. */
  static final Set<String> TYPES = Set.of(BatchHint.TYPE, MemoryLimit.TYPE);

  private final Section file;
  private final Map<String, BatchHint> batches = new HashMap<>();
  private final Map<String, MemoryLimit> limits = new HashMap<>();

  private PipelineHints(Section file) {
    this.file = file;
  }

  static PipelineHints read(Section file) {
    PipelineHints hints = new PipelineHints(file);
    Section section = file.section("processors");
    if (section != null) {
      for (String id : section.keys()) {
        if (isOf(id, BatchHint.TYPE)) {
          hints.batches.put(id, BatchHint.read(id, section.child(id)));
        } else if (isOf(id, MemoryLimit.TYPE)) {
          hints.limits.put(id, MemoryLimit.read(id, section.child(id)));
        }
      }
    }
    return hints;
  }

  private static boolean isOf(String id, String type) {
    return ComponentIds.type(id).equals(type);
  }

  /**
   * Returns the limit for what each receiver holds, in bytes; 0 if there is none. If pipelines
   * differ, the smallest limit counts, because they share their receivers.
   */
  long memoryLimit(List<PipelineConfig> pipelines) {
    return pipelines.stream()
        .flatMap(pipeline -> pipeline.hints().stream())
        .map(limits::get)
        .filter(Objects::nonNull)
        .mapToLong(MemoryLimit::bytes)
        .filter(bytes -> bytes > 0)
        .min()
        .orElse(0);
  }

  /** Returns the exporters, which batch as their pipelines say if they do not say it themselves. */
  List<QueuedExporterConfig> apply(
      List<QueuedExporterConfig> exporters, List<PipelineConfig> pipelines) {
    List<QueuedExporterConfig> applied = new ArrayList<>();
    for (QueuedExporterConfig exporter : exporters) {
      BatchHint hint = hint(exporter, pipelines);
      applied.add(
          hint == null || hint.settings() == null || setsBatch(exporter)
              ? exporter
              : exporter.withQueue(batching(exporter.queue(), hint)));
    }
    return applied;
  }

  /** Returns the hint of the first pipeline with one. */
  private @Nullable BatchHint hint(QueuedExporterConfig exporter, List<PipelineConfig> pipelines) {
    BatchHint first = null;
    for (PipelineConfig pipeline : pipelines) {
      if (!pipeline.exporters().contains(exporter.id())) {
        continue;
      }
      for (String id : pipeline.hints()) {
        BatchHint hint = batches.get(id);
        if (hint == null) {
          continue;
        }
        if (first == null) {
          first = hint;
        } else if (!Objects.equals(first.settings(), hint.settings())) {
          file.child("processors")
              .warning(
                  id,
                  "processors."
                      + id
                      + ": has no effect on the exporter "
                      + exporter.id()
                      + ", which batches as "
                      + first.id()
                      + " says");
        }
      }
    }
    return first;
  }

  private boolean setsBatch(QueuedExporterConfig exporter) {
    Section queue = file.child("exporters").child(exporter.id()).section("sending_queue");
    return queue != null && queue.has("batch");
  }

  /** A queue that is smaller than a batch would never fill one. */
  private static QueueSettings batching(QueueSettings queue, BatchHint hint) {
    try {
      return queue.withBatch(hint.settings());
    } catch (IllegalArgumentException e) {
      return queue;
    }
  }
}
