package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.DialectsConfig;
import dev.tallyspan.collector.config.PipelineConfig;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.estimate.UsageEstimator;
import dev.tallyspan.collector.pipeline.Processed;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.processor.Enrichment;
import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.ContentFormat;
import dev.tallyspan.semconv.Generation;
import dev.tallyspan.semconv.read.LogJoin;
import dev.tallyspan.semconv.read.Normalizer;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes the processors of a configuration. */
public final class Processors {

  /** At most two bytes each. */
  private static final long KEPT_LOG_CHARACTERS = 32 << 20;

  private Processors() {}

  /**
   * The processors by id.
   *
   * @throws IllegalArgumentException if a file that one names cannot be used
   */
  static Map<String, Processor> of(CollectorConfig config, Catalogs catalogs, Meter meter) {
    Map<String, Processor> steps = new LinkedHashMap<>();
    for (ProcessorConfig processor : config.processors()) {
      steps.put(processor.id(), enrichment(processor, catalogs, meter));
    }
    return steps;
  }

  /** The processors of a pipeline as one. */
  static Processor chain(PipelineConfig pipeline, Map<String, Processor> steps) {
    Processor chain = null;
    for (String id : pipeline.processors()) {
      Processor next = steps.get(id);
      chain = chain == null ? next : andThen(chain, next);
    }
    return chain == null ? Processor.PASS : chain;
  }

  private static Processor andThen(Processor first, Processor second) {
    return (signal, request) -> {
      Processed before = first.apply(signal, request);
      return second.apply(signal, before.body().toByteArray());
    };
  }

  private static Processor enrichment(ProcessorConfig config, Catalogs catalogs, Meter meter) {
    Enrichment.Builder enrichment =
        understanding(config).catalog(catalogs.of(config.id())).meter(meter);
    if (config.contracts() != null) {
      enrichment.contracts(catalogs.contractsOf(config.id()), config.contracts().attribute());
    }
    if (config.estimate() != null) {
      UsageEstimator estimator = estimator(config).meter(meter).build();
      estimator.load();
      enrichment.estimator(estimator);
    }
    if (config.joinLogs() != null) {
      enrichment.logJoin(
          LogJoin.window(config.joinLogs(), KEPT_LOG_CHARACTERS, InstantSource.system()));
    }
    return enrichment.build();
  }

  /**
   * What a processor of a configuration does, but with the built-in catalog and nothing counted.
   *
   * @throws IllegalArgumentException if a file that it names cannot be used
   */
  public static Enrichment.Builder enrichment(ProcessorConfig config) {
    Enrichment.Builder enrichment = understanding(config);
    if (config.contracts() != null) {
      enrichment.contracts(contracts(config), config.contracts().attribute());
    }
    if (config.estimate() != null) {
      enrichment.estimator(estimator(config).build());
    }
    return enrichment;
  }

  private static Enrichment.Builder understanding(ProcessorConfig config) {
    Enrichment.Builder enrichment =
        Enrichment.builder()
            .normalizer(normalizer(config))
            .deployments(config.deployments())
            .genAiUsageCost(config.genAiUsageCost());
    return config.currency() == null ? enrichment : enrichment.currency(config.currency());
  }

  /**
   * The catalog that a processor of a configuration begins with; the built-in one if it names none.
   *
   * @throws IllegalArgumentException if a file cannot be used
   */
  public static PriceCatalog catalog(ProcessorConfig config) {
    if (config.catalog() == null) {
      return PriceCatalog.shipped();
    }
    Meter meter = MeterProvider.noop().get("tallyspan");
    try (CatalogFeed feed =
        CatalogFeed.open(config.id(), config.catalog(), meter, InstantSource.system())) {
      return feed.get();
    }
  }

  private static Normalizer normalizer(ProcessorConfig config) {
    DialectsConfig dialects = config.dialects();
    Normalizer.Builder normalizer =
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
            .disable(dialects.disabled())
            .dropOriginals(dialects.dropOriginals());
    if (config.cacheWriteNames() != null) {
      normalizer.cacheWriteNames(config.cacheWriteNames());
    }
    dialects.dropOriginalsOf().forEach(normalizer::dropOriginals);
    dialects.custom().forEach(normalizer::custom);
    return normalizer.build();
  }

  private static UsageEstimator.Builder estimator(ProcessorConfig config) {
    return UsageEstimator.builder()
        .maxCharacters(config.estimate().maxCharacters())
        .deployments(config.deployments());
  }

  private static Contracts contracts(ProcessorConfig config) {
    try {
      return Contracts.read(config.contracts().file());
    } catch (CatalogException e) {
      throw new IllegalArgumentException(
          "processors." + config.id() + ".contracts: " + e.getMessage(), e);
    }
  }
}
