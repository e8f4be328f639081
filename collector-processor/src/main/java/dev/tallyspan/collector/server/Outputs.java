package dev.tallyspan.collector.server;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.config.AnyExporterConfig;
import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ExporterConfig;
import dev.tallyspan.collector.config.PipelineConfig;
import dev.tallyspan.collector.config.PolicyConfig;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.exporter.Exporter;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.export.ExportOutput;
import dev.tallyspan.collector.output.export.Profile;
import dev.tallyspan.collector.output.export.ProfileRenderer;
import dev.tallyspan.collector.output.policy.SizeLimits;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.pipeline.SteppedOutput;
import dev.tallyspan.collector.pipeline.TraceStep;
import dev.tallyspan.collector.sampling.Sampling;
import dev.tallyspan.collector.tree.TreeRepair;
import dev.tallyspan.collector.tree.TreeSettings;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Creates the outputs of a pipeline: one for all exporters that get the same, after the steps that
 * apply to each request alone.
 */
final class Outputs {

  /**
   * What the exporters get that share an output.
   *
   * @param limits apply if there is no policy; with one, they are part of it
   */
  private record Written(
      Profile profile, TreeSettings traces, @Nullable PolicyConfig policy, SizeLimits limits) {

    Written(Profile profile, TreeSettings traces, @Nullable PolicyConfig policy) {
      this(profile, traces, policy, SizeLimits.NONE);
    }

    Written within(SizeLimits limits) {
      return policy == null
          ? new Written(profile, traces, null, limits)
          : new Written(profile, traces, policy.within(limits));
    }
  }

  private Outputs() {}

  /**
   * Returns the outputs, in the order of their first exporters.
   *
   * @param ids the exporters of the pipeline to write to, without connectors
   * @param exporters by id
   * @param processed counts what the pipeline's processor does; null if nothing counts it here
   * @param meter records what the steps do
   */
  static List<Output> of(
      CollectorConfig config,
      PipelineConfig pipeline,
      List<String> ids,
      Processors processors,
      Map<String, Exporter> exporters,
      @Nullable ProcessedItems processed,
      Meter meter) {
    Map<Written, List<String>> alike = new LinkedHashMap<>();
    for (String id : ids) {
      alike.computeIfAbsent(written(config, pipeline, id), written -> new ArrayList<>()).add(id);
    }
    List<Output> outputs = new ArrayList<>();
    alike.forEach(
        (written, together) -> {
          List<Exporter> sharing =
              together.stream().map(id -> requireNonNull(exporters.get(id), id)).toList();
          Output output = output(pipeline, written, processors, together, sharing, meter);
          TraceStep repair = repair(config, pipeline, written.traces, meter);
          outputs.add(
              repair == null ? output : new SteppedOutput(List.of(repair), List.of(output)));
        });
    if (outputs.isEmpty()) {
      return outputs;
    }
    TraceStep sampling = counted(sampling(config, pipeline, processors, meter), processed);
    return sampling == null ? outputs : List.of(new SteppedOutput(List.of(sampling), outputs));
  }

  private static @Nullable TraceStep counted(
      @Nullable TraceStep sampling, @Nullable ProcessedItems processed) {
    return processed == null ? sampling : processed.with(sampling);
  }

  private static Output output(
      PipelineConfig pipeline,
      Written written,
      Processors processors,
      List<String> ids,
      List<Exporter> exporters,
      Meter meter) {
    List<Processor> before = new ArrayList<>(processors.beforeExporters(pipeline));
    if (written.policy != null) {
      before.add(processors.policies().processor(written.policy, ids, meter));
    } else if (!written.limits.isNone()) {
      before.add(ContentPolicies.processor(written.limits, ids, meter));
    }
    return new ExportOutput(
        new ProfileRenderer(written.profile, failures(pipeline, processors)), before, exporters);
  }

  /**
   * The output of one exporter, and the steps before it.
   *
   * @param steps may be empty
   */
  record Stepped(List<TraceStep> steps, Output output) {

    /** Returns an output that applies the steps to each request alone. */
    Output alone() {
      return steps.isEmpty() ? output : new SteppedOutput(steps, List.of(output));
    }
  }

  /**
   * Returns the output of one exporter of a queued pipeline. A trace counts as sampled once,
   * whatever the number of its exporters.
   *
   * @param processed as above
   */
  static Stepped of(
      CollectorConfig config,
      PipelineConfig pipeline,
      String id,
      Processors processors,
      Exporter exporter,
      @Nullable ProcessedItems processed,
      Meter meter) {
    Written written = written(config, pipeline, id);
    boolean first = id.equals(pipeline.exporters().get(0));
    List<TraceStep> steps = new ArrayList<>();
    TraceStep sampling =
        counted(
            sampling(
                config,
                pipeline,
                processors,
                first ? meter : MeterProvider.noop().get("tallyspan")),
            processed);
    if (sampling != null) {
      steps.add(sampling);
    }
    TraceStep repair = repair(config, pipeline, written.traces, meter);
    if (repair != null) {
      steps.add(repair);
    }
    return new Stepped(
        steps, output(pipeline, written, processors, List.of(id), List.of(exporter), meter));
  }

  /** Returns the step that applies to all exporters of the pipeline; null if there is none. */
  private static @Nullable TraceStep sampling(
      CollectorConfig config, PipelineConfig pipeline, Processors processors, Meter meter) {
    return processor(config, pipeline)
        .map(ProcessorConfig::sampling)
        .map(rules -> new Sampling(rules, processors.evaluations(pipeline), meter))
        .orElse(null);
  }

  /** Returns the step of exporters with these settings; null if they change nothing. */
  private static @Nullable TraceStep repair(
      CollectorConfig config, PipelineConfig pipeline, TreeSettings settings, Meter meter) {
    return settings.equals(TreeSettings.DEFAULT)
        ? null
        : processor(config, pipeline)
            .map(processor -> new TreeRepair(settings, processor.tenantAttribute(), meter))
            .orElse(null);
  }

  /**
   * The processor {@code tallyspan} of a pipeline for traces; without one, or for other signals,
   * empty.
   */
  private static Optional<ProcessorConfig> processor(
      CollectorConfig config, PipelineConfig pipeline) {
    return pipeline.signal() == Signal.TRACES
        ? pipeline.tallyspan().map(config::processor)
        : Optional.empty();
  }

  /**
   * Without a processor, spans are forwarded unchanged and the profile has no effect. Limits of a
   * backend are those of spans.
   */
  private static Written written(CollectorConfig config, PipelineConfig pipeline, String exporter) {
    AnyExporterConfig own = config.anyExporter(exporter);
    return pipeline
        .tallyspan()
        .map(config::processor)
        .map(
            processor ->
                new Written(Profiles.of(processor, own), own.traces(), own.contentPolicy()))
        .map(
            written ->
                pipeline.signal() == Signal.TRACES && own instanceof ExporterConfig exporting
                    ? written.within(exporting.limits())
                    : written)
        .orElseGet(() -> new Written(Profile.DEFAULT, TreeSettings.DEFAULT, own.contentPolicy()));
  }

  private static Consumer<Throwable> failures(PipelineConfig pipeline, Processors processors) {
    return processors
        .llm(pipeline)
        .<Consumer<Throwable>>map(processor -> processor::notWritten)
        .orElse(failure -> {});
  }
}
