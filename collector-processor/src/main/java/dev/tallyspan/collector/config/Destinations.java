package dev.tallyspan.collector.config;

import dev.tallyspan.semconv.CacheWriteNames;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Where what passes a processor goes, as far as that decides how the processor writes. */
final class Destinations {

  private final List<PipelineConfig> pipelines;
  private final List<ExporterConfig> exporters;

  private Destinations(List<PipelineConfig> pipelines, List<ExporterConfig> exporters) {
    this.pipelines = pipelines;
    this.exporters = exporters;
  }

  static Destinations of(List<PipelineConfig> pipelines, List<ExporterConfig> exporters) {
    return new Destinations(pipelines, exporters);
  }

  /** The processors with what their own configuration leaves open. */
  List<ProcessorConfig> toldTo(List<ProcessorConfig> processors) {
    List<ProcessorConfig> told = new ArrayList<>(processors.size());
    for (ProcessorConfig processor : processors) {
      CacheWriteNames names =
          processor.cacheWriteNames() == null
              ? cacheWriteNames(processor)
              : processor.cacheWriteNames();
      told.add(names == null ? processor : processor.with(names));
    }
    return told;
  }

  /** The names for the one destination that is hurt by others, if there is such; else null. */
  private CacheWriteNames cacheWriteNames(ProcessorConfig processor) {
    return pipelines.stream()
        .filter(pipeline -> pipeline.processors().contains(processor.id()))
        .flatMap(pipeline -> pipeline.exporters().stream())
        .flatMap(id -> exporters.stream().filter(exporter -> exporter.id().equals(id)))
        .flatMap(
            exporter ->
                Stream.concat(
                    Stream.ofNullable(exporter.endpoint()),
                    exporter.signalEndpoints().values().stream()))
        .map(CacheWriteNames::forEndpoint)
        .filter(names -> names != null)
        .findFirst()
        .orElse(null);
  }
}
