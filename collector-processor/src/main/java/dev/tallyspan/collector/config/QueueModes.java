package dev.tallyspan.collector.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies what exporters say about queues to their pipelines: a pipeline has one queue for all its
 * exporters, whereas in the OpenTelemetry Collector every exporter has its own.
 */
final class QueueModes {
  static final Map<String, QueueMode> MODES =
      Map.of("durable", QueueMode.DURABLE, "direct", QueueMode.DIRECT, "memory", QueueMode.MEMORY);

  private final Section file;
  private final Components components;
  private final ConfigFaults faults;
  private final ConfigFaults withoutDirectory = new ConfigFaults();

  /** The sections {@code sending_queue}, by the id of their exporter. */
  private final Map<String, Section> queues = new LinkedHashMap<>();

  private final Set<String> storages = new HashSet<>();

  /**
   * @param exporters those that were read
   */
  QueueModes(
      Section file,
      Components components,
      ConfigFaults faults,
      List<QueuedExporterConfig> exporters) {
    this.file = file;
    this.components = components;
    this.faults = faults;
    for (QueuedExporterConfig exporter : exporters) {
      Section queue = file.child("exporters").child(exporter.id()).section("sending_queue");
      if (queue != null) {
        queues.put(exporter.id(), queue);
      }
    }
  }

  /**
   * Returns the pipelines with the modes that they or their exporters ask for. Reports what does
   * not fit together.
   */
  List<PipelineConfig> apply(List<PipelineConfig> pipelines) {
    Map<String, Section> stored = stored();
    List<PipelineConfig> applied = new ArrayList<>();
    for (PipelineConfig pipeline : pipelines) {
      PipelineConfig with = pipeline;
      if (pipeline.queue() == QueueMode.DURABLE) {
        Section section = file.child("service").child("pipelines").child(pipeline.id());
        needsDirectory(section, "queue", "durable needs");
      }
      for (String exporter : pipeline.exporters()) {
        Section queue = stored.get(exporter);
        if (queue != null) {
          with = withStorage(pipeline, with, queue);
        }
      }
      for (String exporter : pipeline.exporters()) {
        checkWaiting(with, exporter);
      }
      applied.add(with);
    }
    return applied;
  }

  /** Returns the faults if there is no data directory. */
  List<Fault> withoutDirectory() {
    return withoutDirectory.errors();
  }

  /** Returns the ids of the extensions that exporters name. */
  Set<String> storages() {
    return storages;
  }

  /** Returns the queues of the exporters that name an extension for storage. */
  private Map<String, Section> stored() {
    Map<String, Section> stored = new LinkedHashMap<>();
    queues.forEach(
        (exporter, queue) -> {
          String storage = queue.text("storage");
          if (storage == null) {
            return;
          }
          Set<String> known = components.ids("extensions");
          if (known.contains(storage)) {
            storages.add(storage);
            stored.put(exporter, queue);
          } else {
            String nearest = Suggestions.nearest(storage, known);
            queue.error(
                "storage",
                queue.name("storage")
                    + ": "
                    + storage
                    + " is not defined under extensions"
                    + (nearest == null
                        ? "; define it, or set queue: durable in the pipeline"
                        : "; did you mean " + nearest + "?"));
          }
        });
    return stored;
  }

  private PipelineConfig withStorage(PipelineConfig asked, PipelineConfig with, Section queue) {
    if (asked.queue() == null) {
      needsDirectory(queue, "storage", "a durable queue needs");
      return with.withQueue(QueueMode.DURABLE);
    }
    if (asked.queue() != QueueMode.DURABLE) {
      queue.warning(
          "storage",
          queue.name("storage")
              + ": has no effect in the pipeline "
              + asked.id()
              + ", which sets queue: "
              + word(asked.queue()));
    }
    return with;
  }

  void needsDirectoryForViewer() {
    Section viewer = Objects.requireNonNull(file.section("viewer"), "viewer");
    needsDirectory(viewer, "storage", "traces that are kept need", "");
  }

  private void needsDirectory(Section section, String key, String needs) {
    needsDirectory(section, key, needs, ", or set queue to direct or memory");
  }

  /** Reports the section {@code ledger} if there is no data directory. */
  void needsDirectoryForLedger() {
    needsDirectory(file, "ledger", "the accounts need", "");
  }

  private void needsDirectory(Section section, String key, String needs, String otherwise) {
    withoutDirectory.error(
        section.valueNode(key),
        section.name(key)
            + ": "
            + needs
            + " a data directory: set storage.directory, --data or TALLYSPAN_DATA"
            + otherwise);
  }

  /**
   * A direct queue is defined by waiting for the result, so it cannot be told not to. False is the
   * Collector's default, so without a data directory, where the queue is direct, it says nothing.
   */
  private void checkWaiting(PipelineConfig pipeline, String exporter) {
    Section queue = queues.get(exporter);
    if (queue == null || queue.bool("wait_for_result", true)) {
      return;
    }
    if (pipeline.queue() == QueueMode.DIRECT) {
      queue.warning(
          "wait_for_result",
          queue.name("wait_for_result")
              + ": has no effect in the pipeline "
              + pipeline.id()
              + ", whose queue is direct: senders wait until the backends have the data. Set queue"
              + " to durable or memory there");
    }
  }

  private static String word(@Nullable QueueMode mode) {
    return MODES.entrySet().stream()
        .filter(each -> each.getValue() == mode)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }
}
