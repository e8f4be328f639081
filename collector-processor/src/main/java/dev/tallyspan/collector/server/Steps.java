package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.PipelineConfig;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.estimate.UsageEstimator;
import dev.tallyspan.collector.pipeline.Enrichment;
import dev.tallyspan.collector.pipeline.Processed;
import dev.tallyspan.collector.pipeline.Step;
import dev.tallyspan.semconv.ContentFormat;
import dev.tallyspan.semconv.Generation;
import dev.tallyspan.semconv.Normalizer;
import io.opentelemetry.api.metrics.Meter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes the processors of a configuration. */
final class Steps {

  private Steps() {}

  /**
   * The processors by id.
   *
   * @throws IllegalArgumentException if a file that one names cannot be used
   */
  static Map<String, Step> of(CollectorConfig config, Catalogs catalogs, Meter meter) {
    Map<String, Step> steps = new LinkedHashMap<>();
    for (ProcessorConfig processor : config.processors()) {
      steps.put(processor.id(), enrichment(processor, catalogs, meter));
    }
    return steps;
  }

  /** The processors of a pipeline as one. */
  static Step chain(PipelineConfig pipeline, Map<String, Step> steps) {
    Step chain = null;
    for (String id : pipeline.processors()) {
      Step next = steps.get(id);
      chain = chain == null ? next : andThen(chain, next);
    }
    return chain == null ? Step.PASS : chain;
  }

  private static Step andThen(Step first, Step second) {
    return (signal, request) -> {
      Processed before = first.apply(signal, request);
      Processed after = second.apply(signal, before.body().toByteArray());
      return new Processed(after.body(), after.items(), before.failed() + after.failed());
    };
  }

  private static Step enrichment(ProcessorConfig config, Catalogs catalogs, Meter meter) {
    Normalizer normalizer =
        Normalizer.builder()
            .target(
                switch (config.target()) {
                  case CORE_1_41 -> Generation.CORE_1_41;
                  case GENAI_DEV -> Generation.GENAI_DEV;
                })
            .content(
                switch (config.content()) {
                  case JSON -> ContentFormat.JSON_STRING;
                  case STRUCTURED -> ContentFormat.STRUCTURED;
                })
            .build();
    Enrichment.Builder enrichment =
        Enrichment.builder()
            .normalizer(normalizer)
            .catalog(catalogs.of(config.id()))
            .meter(meter)
            .deployments(config.deployments())
            .genAiUsageCost(config.genAiUsageCost());
    if (config.contracts() != null) {
      enrichment.contracts(catalogs.contractsOf(config.id()), config.contracts().attribute());
    }
    if (config.estimate() != null) {
      enrichment.estimator(estimator(config, meter));
    }
    if (config.currency() != null) {
      enrichment.currency(config.currency());
    }
    return enrichment.build();
  }

  private static UsageEstimator estimator(ProcessorConfig config, Meter meter) {
    UsageEstimator estimator =
        UsageEstimator.builder()
            .maxCharacters(config.estimate().maxCharacters())
            .deployments(config.deployments())
            .meter(meter)
            .build();
    estimator.load();
    return estimator;
  }
}
