package dev.tallyspan.collector.server;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.PipelineConfig;
import dev.tallyspan.collector.exporter.Exporter;
import dev.tallyspan.collector.output.export.ExportOutput;
import dev.tallyspan.collector.output.export.Profile;
import dev.tallyspan.collector.output.export.ProfileRenderer;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.processor.LlmProcessor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Creates the outputs of a pipeline: one for all exporters with the same profile. */
final class Outputs {

  private Outputs() {}

  /**
   * Returns the outputs, in the order of their first exporters.
   *
   * @param ids the exporters of the pipeline to write to, without connectors
   * @param processors by id
   * @param exporters by id
   */
  static List<Output> of(
      CollectorConfig config,
      PipelineConfig pipeline,
      List<String> ids,
      Map<String, LlmProcessor> processors,
      Map<String, Exporter> exporters) {
    Map<Profile, List<Exporter>> byProfile = new LinkedHashMap<>();
    for (String id : ids) {
      byProfile
          .computeIfAbsent(profile(config, pipeline, id), profile -> new ArrayList<>())
          .add(requireNonNull(exporters.get(id), id));
    }
    List<Output> outputs = new ArrayList<>();
    byProfile.forEach(
        (profile, alike) ->
            outputs.add(
                new ExportOutput(
                    new ProfileRenderer(profile, failures(pipeline, processors)), alike)));
    return outputs;
  }

  /** Without a processor, spans are forwarded unchanged and the profile has no effect. */
  private static Profile profile(CollectorConfig config, PipelineConfig pipeline, String exporter) {
    return pipeline.processors().stream()
        .findFirst()
        .map(id -> Profiles.of(config.processor(id), config.exporter(exporter)))
        .orElse(Profile.DEFAULT);
  }

  private static Consumer<Throwable> failures(
      PipelineConfig pipeline, Map<String, LlmProcessor> processors) {
    return pipeline.processors().stream()
        .findFirst()
        .map(processors::get)
        .<Consumer<Throwable>>map(processor -> processor::notWritten)
        .orElse(failure -> {});
  }
}
