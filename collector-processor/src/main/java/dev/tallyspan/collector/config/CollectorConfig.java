package dev.tallyspan.collector.config;

import dev.tallyspan.collector.flow.Signal;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a collector. Every id that a pipeline names is defined.
 *
 * @param exporters empty if nothing is forwarded
 * @param memoryLimit how many bytes of requests each receiver holds at most, if that is less than
 *     its default; 0 = its default
 * @param needs what {@link #withDataDirectory} checks
 * @param warnings probable mistakes, each with its place; to be logged
 */
public record CollectorConfig(
    List<ReceiverConfig> receivers,
    List<ProcessorConfig> processors,
    List<ExporterConfig> exporters,
    List<ConnectorConfig> connectors,
    List<PipelineConfig> pipelines,
    List<HealthCheckConfig> healthChecks,
    long memoryLimit,
    StorageConfig storage,
    DirectoryNeeds needs,
    TelemetryConfig telemetry,
    List<Fault> warnings) {
  public CollectorConfig {
    receivers = List.copyOf(receivers);
    exporters = List.copyOf(exporters);
    connectors = List.copyOf(connectors);
    pipelines = List.copyOf(pipelines);
    processors = List.copyOf(processors);
    healthChecks = List.copyOf(healthChecks);
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
        connectors,
        pipelines,
        healthChecks,
        memoryLimit,
        storage,
        needs,
        telemetry,
        warnings);
  }

  /**
   * Returns a copy that keeps its data in this directory, whatever the file says.
   *
   * @param directory null for none
   * @throws ConfigException if there is none, but the configuration needs one: with one fault for
   *     each place that asks for it
   */
  public CollectorConfig withDataDirectory(@Nullable Path directory) throws ConfigException {
    needs.check(directory);
    return new CollectorConfig(
        receivers,
        processors,
        exporters,
        connectors,
        pipelines,
        healthChecks,
        memoryLimit,
        storage.withDirectory(directory),
        needs,
        telemetry,
        warnings);
  }

  /**
   * Whether traces are received, but no pipeline reads and prices what is in them. That is so with
   * a file of the Collector, which runs without a change.
   */
  public boolean readsNoSpans() {
    return pipelines.stream().anyMatch(it -> it.signal() == Signal.TRACES)
        && pipelines.stream().allMatch(it -> it.processors().isEmpty());
  }

  /**
   * Returns when the senders of a pipeline get their responses: the mode that the pipeline asks
   * for, or the default. By default, a queue is durable if there is a data directory, and direct if
   * there is none, or if the pipeline forwards nothing.
   */
  public QueueMode queueMode(PipelineConfig pipeline) {
    if (pipeline.queue() != null) {
      return pipeline.queue();
    }
    return storage.directory() == null
            || pipeline.exporters().isEmpty() && pipeline.connectors().isEmpty()
        ? QueueMode.DIRECT
        : QueueMode.DURABLE;
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
