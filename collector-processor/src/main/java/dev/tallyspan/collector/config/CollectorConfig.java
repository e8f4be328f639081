package dev.tallyspan.collector.config;

import java.util.List;
import java.util.NoSuchElementException;

/**
 * The configuration of a collector. Every id that a pipeline names is defined.
 *
 * @param exporters empty if nothing is forwarded
 * @param warnings probable mistakes, each with its place; to be logged
 */
public record CollectorConfig(
    List<ReceiverConfig> receivers,
    List<ProcessorConfig> processors,
    List<ExporterConfig> exporters,
    List<PipelineConfig> pipelines,
    TelemetryConfig telemetry,
    List<Fault> warnings) {
  public CollectorConfig {
    receivers = List.copyOf(receivers);
    exporters = List.copyOf(exporters);
    pipelines = List.copyOf(pipelines);
    processors = List.copyOf(processors);
    warnings = List.copyOf(warnings);
  }

  /** Returns a copy in which processors without a catalog use this one. */
  public CollectorConfig withCatalog(CatalogConfig catalog) {
    return new CollectorConfig(
        receivers,
        processors.stream()
            .map(each -> each.catalog() == null ? each.withCatalog(catalog) : each)
            .toList(),
        exporters,
        pipelines,
        telemetry,
        warnings);
  }

  /**
   * @throws NoSuchElementException if there is none with this id
   */
  public ReceiverConfig receiver(String id) {
    return receivers.stream().filter(it -> it.id().equals(id)).findFirst().orElseThrow();
  }

  /**
   * @throws NoSuchElementException if there is none with this id
   */
  public ProcessorConfig processor(String id) {
    return processors.stream().filter(it -> it.id().equals(id)).findFirst().orElseThrow();
  }

  /**
   * @throws NoSuchElementException if there is none with this id
   */
  public ExporterConfig exporter(String id) {
    return exporters.stream().filter(it -> it.id().equals(id)).findFirst().orElseThrow();
  }
}
