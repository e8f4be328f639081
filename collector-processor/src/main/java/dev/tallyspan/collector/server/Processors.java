package dev.tallyspan.collector.server;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.config.AnyExporterConfig;
import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ContractsConfig;
import dev.tallyspan.collector.config.DialectsConfig;
import dev.tallyspan.collector.config.EditConfig;
import dev.tallyspan.collector.config.EstimateConfig;
import dev.tallyspan.collector.config.PipelineConfig;
import dev.tallyspan.collector.config.PolicyConfig;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.config.ScorerConfig;
import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.pipeline.TraceStep;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.sampling.EvaluationRecords;
import dev.tallyspan.collector.scoring.Scorer;
import dev.tallyspan.collector.tree.TreeSettings;
import dev.tallyspan.collector.window.WholeTraces;
import dev.tallyspan.enrichment.estimate.UsageEstimator;
import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.read.LogJoin;
import dev.tallyspan.semconv.read.Normalizer;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The processors of a configuration. */
public final class Processors {

  /** A character takes at most two bytes. */
  private static final long KEPT_LOG_CHARACTERS = 32 << 20;

  private final CollectorConfig config;
  private final Map<String, LlmProcessor> understanding = new LinkedHashMap<>();
  private final Map<String, Processor> edits = new LinkedHashMap<>();

  /** By the id of the pipeline. */
  private final Map<String, List<Scorer>> scorers = new LinkedHashMap<>();

  /** By the id of the processor. */
  private final Map<String, EvaluationRecords> evaluations = new LinkedHashMap<>();

  private final ContentPolicies policies = new ContentPolicies();

  /**
   * What a processor has to find out, because something behind it needs it.
   *
   * @param originals whether the keys that each fact was read from are noted
   * @param content whether messages and other content are read, and not only what they prove
   */
  private record Reading(boolean originals, boolean content) {}

  private Processors(CollectorConfig config) {
    this.config = config;
  }

  /**
   * Creates the processors of pipelines that nothing else observes.
   *
   * @throws IllegalArgumentException if a file that one of them names is not valid
   */
  static Processors of(CollectorConfig config, Catalogs catalogs, Meter meter) {
    return of(config, catalogs, meter, /* observed= */ false);
  }

  /**
   * Creates the processors.
   *
   * @param observed whether outputs beside the exporters show what was understood, with its content
   * @throws IllegalArgumentException if a file that one of them names is not valid
   */
  static Processors of(CollectorConfig config, Catalogs catalogs, Meter meter, boolean observed) {
    Processors processors = new Processors(config);
    for (ProcessorConfig processor : config.processors()) {
      boolean notes =
          config.pipelines().stream()
              .filter(pipeline -> pipeline.processors().contains(processor.id()))
              .flatMap(pipeline -> pipeline.exporters().stream())
              .map(config::anyExporter)
              .anyMatch(exporter -> needsOriginals(processor, exporter));
      EvaluationRecords evaluations = new EvaluationRecords(InstantSource.system());
      processors.evaluations.put(processor.id(), evaluations);
      boolean reads = observed || processor.estimate() != null || needsContent(config, processor);
      Reading reading = new Reading(notes, reads);
      processors.understanding.put(
          processor.id(), processor(processor, reading, evaluations, catalogs, meter));
    }
    for (EditConfig edit : config.edits()) {
      processors.edits.put(edit.id(), edit.rules().processor(edit.id(), meter));
    }
    for (PipelineConfig pipeline : config.pipelines()) {
      List<Scorer> of = new ArrayList<>();
      for (ScorerConfig scorer : config.scorers()) {
        if (pipeline.scorers().contains(scorer.id())) {
          of.add(scorer(scorer, config, meter));
        }
      }
      processors.scorers.put(pipeline.id(), of);
    }
    return processors;
  }

  /** Whether attributes may be removed; the reader must have noted them for that. */
  private static boolean needsOriginals(ProcessorConfig processor, AnyExporterConfig exporter) {
    return Profiles.of(processor, exporter).dropsOriginals()
        || exporter.traces().duplicates() != TreeSettings.Duplicates.KEEP;
  }

  /** Whether content is written by an exporter, scored, or compared to find loops. */
  private static boolean needsContent(CollectorConfig config, ProcessorConfig processor) {
    List<PipelineConfig> pipelines =
        config.pipelines().stream()
            .filter(pipeline -> pipeline.processors().contains(processor.id()))
            .toList();
    List<String> exporters =
        pipelines.stream().flatMap(pipeline -> pipeline.exporters().stream()).toList();
    boolean written =
        exporters.isEmpty()
            ? Profiles.of(processor).writesContent()
            : exporters.stream()
                .map(config::anyExporter)
                .anyMatch(exporter -> Profiles.of(processor, exporter).writesContent());
    return written
        || pipelines.stream().anyMatch(pipeline -> !pipeline.scorers().isEmpty())
        || config.connectors().stream()
            .anyMatch(
                connector ->
                    connector.loopRepeats() > 0
                        && pipelines.stream()
                            .anyMatch(it -> it.connectors().contains(connector.id())));
  }

  private static Scorer scorer(ScorerConfig config, CollectorConfig whole, Meter meter) {
    Scorer.Builder scorer = Scorer.builder(config.id()).rules(config.rules()).meter(meter);
    if (config.webhook() != null) {
      PolicyConfig policy = whole.webhookPolicy(config);
      scorer.webhook(config.webhook(), policy == null ? null : policy.build(/* store= */ null));
    }
    return scorer.build();
  }

  /**
   * Returns the steps that give scores, the first ones after the decision about a trace.
   *
   * @param first whether they are those of the first output of the pipeline, which count
   */
  List<TraceStep> scoring(PipelineConfig pipeline, boolean first) {
    return scorers.getOrDefault(pipeline.id(), List.of()).stream()
        .map(scorer -> first ? scorer.step() : scorer.quiet())
        .toList();
  }

  /** Sends the results of webhooks to a pipeline, as log records. */
  void resultsTo(PipelineConfig pipeline, Intake intake) {
    scorers.getOrDefault(pipeline.id(), List.of()).forEach(scorer -> scorer.resultsTo(intake));
  }

  /**
   * Waits for the responses of webhooks.
   *
   * @param limit the total time; zero = do not wait
   */
  void closeScorers(Duration limit) {
    Together.close(
        scorers.values().stream().flatMap(List::stream).toList(), scorer -> scorer.close(limit));
  }

  /** The results of evaluations that the processor of a pipeline got as log records. */
  EvaluationRecords evaluations(PipelineConfig pipeline) {
    return pipeline
        .tallyspan()
        .map(evaluations::get)
        .orElseGet(() -> new EvaluationRecords(InstantSource.system()));
  }

  /**
   * Returns the processors of a pipeline that decides over each request alone.
   *
   * @param first whether they are those of the first output of the pipeline, which count
   */
  List<Processor> chain(PipelineConfig pipeline, boolean first) {
    List<Processor> chain = new ArrayList<>(understanding(pipeline));
    if (pipeline.signal() == Signal.TRACES) {
      pipeline
          .tallyspan()
          .map(config::processor)
          .ifPresent(processor -> chain.add(WholeTraces.perRequest(processor.fillGaps())));
      for (TraceStep step : scoring(pipeline, first)) {
        chain.add(batch -> step.apply(List.of(batch)).get(0));
      }
    }
    return chain;
  }

  /** Returns the processors of a pipeline whose traces are decided elsewhere. */
  List<Processor> understanding(PipelineConfig pipeline) {
    List<Processor> chain = new ArrayList<>(edits(pipeline.beforeTallyspan()));
    llm(pipeline).ifPresent(chain::add);
    return chain;
  }

  /** Returns what is applied to the bytes that exporters of a pipeline get; may be empty. */
  List<Processor> beforeExporters(PipelineConfig pipeline) {
    return edits(pipeline.afterTallyspan());
  }

  /** The content policies of the exporters. */
  ContentPolicies policies() {
    return policies;
  }

  /** Returns the processor that understands LLM spans; empty if the pipeline has none. */
  Optional<LlmProcessor> llm(PipelineConfig pipeline) {
    return pipeline.tallyspan().map(id -> requireNonNull(understanding.get(id), id));
  }

  private List<Processor> edits(List<String> ids) {
    return ids.stream().map(id -> requireNonNull(edits.get(id), id)).toList();
  }

  /** Returns the attribute that names the tenant for the processor of a pipeline. */
  static String tenantAttribute(CollectorConfig config, PipelineConfig pipeline) {
    return pipeline
        .tallyspan()
        .map(id -> config.processor(id).tenantAttribute())
        .orElse(ContractsConfig.ATTRIBUTE);
  }

  /** Returns the attributes that identify the tenant in the pipelines of a receiver. */
  static Set<String> tenantAttributes(CollectorConfig config, String receiver) {
    Set<String> attributes = new LinkedHashSet<>();
    for (PipelineConfig pipeline : config.pipelines()) {
      if (pipeline.receivers().contains(receiver)) {
        for (String id : pipeline.tallyspan().stream().toList()) {
          ContractsConfig contracts = config.processor(id).contracts();
          attributes.add(contracts == null ? ContractsConfig.ATTRIBUTE : contracts.attribute());
        }
        pipeline.exporters().stream()
            .filter(config::sendsTenant)
            .forEach(id -> attributes.add(config.tenantAttribute(id)));
      }
    }
    return attributes.isEmpty() ? Set.of(ContractsConfig.ATTRIBUTE) : attributes;
  }

  private static LlmProcessor processor(
      ProcessorConfig config,
      Reading reading,
      EvaluationRecords evaluations,
      Catalogs catalogs,
      Meter meter) {
    LlmProcessor.Builder processor =
        understanding(config, reading)
            .name(config.id())
            .catalog(catalogs.of(config.id()))
            .meter(meter);
    if (config.contracts() != null) {
      processor.contracts(catalogs.contractsOf(config.id()), config.contracts().attribute());
    }
    if (config.estimate() != null) {
      UsageEstimator estimator = estimator(config.estimate(), config).meter(meter).build();
      estimator.load();
      processor.estimator(estimator);
    }
    if (config.joinLogs() != null) {
      processor.logJoin(
          LogJoin.window(config.joinLogs(), KEPT_LOG_CHARACTERS, InstantSource.system()));
    }
    if (config.sampling() != null && config.sampling().needEvaluations()) {
      processor.eventListener(evaluations::keep);
    }
    return processor.build();
  }

  /**
   * Returns a builder of the configured processor, but with the built-in catalog and without
   * metrics. It reads all content, for commands that show it.
   *
   * @throws IllegalArgumentException if a file that it names is not valid
   */
  public static LlmProcessor.Builder builder(ProcessorConfig config) {
    LlmProcessor.Builder processor =
        understanding(config, new Reading(Profiles.of(config).dropsOriginals(), true));
    if (config.contracts() != null) {
      processor.contracts(
          contracts(config.contracts(), config.id()), config.contracts().attribute());
    }
    if (config.estimate() != null) {
      processor.estimator(estimator(config.estimate(), config).build());
    }
    return processor;
  }

  /** Returns a processor that understands as the configured one, for what does not need prices. */
  static LlmProcessor reader(ProcessorConfig config) {
    return understanding(config, new Reading(false, false)).build();
  }

  private static LlmProcessor.Builder understanding(ProcessorConfig config, Reading reading) {
    DialectsConfig dialects = config.dialects();
    Normalizer.Builder normalizer =
        Normalizer.builder()
            .disable(dialects.disabled())
            .noteOriginals(reading.originals)
            .keepContent(!reading.content);
    dialects.custom().forEach(normalizer::custom);
    LlmProcessor.Builder processor =
        LlmProcessor.builder().normalizer(normalizer.build()).deployments(config.deployments());
    return config.currency() == null ? processor : processor.currency(config.currency());
  }

  /**
   * Returns the catalog that a processor starts with; the built-in one if it has none.
   *
   * @throws IllegalArgumentException if a file is not valid
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

  private static UsageEstimator.Builder estimator(EstimateConfig estimate, ProcessorConfig config) {
    return UsageEstimator.builder()
        .maxCharacters(estimate.maxCharacters())
        .deployments(config.deployments());
  }

  private static Contracts contracts(ContractsConfig contracts, String processor) {
    try {
      return Contracts.read(contracts.file());
    } catch (CatalogException e) {
      throw new IllegalArgumentException(
          "processors." + processor + ".contracts: " + e.getMessage(), e);
    }
  }
}
