package dev.tallyspan.collector.config;

import dev.tallyspan.collector.auth.HeadersSettings;
import dev.tallyspan.collector.flow.Signal;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a collector. Every id that a pipeline names is defined.
 *
 * @param receivers those that receive OTLP over the network
 * @param kafkaReceivers those that read from Kafka
 * @param processors those of the type {@code tallyspan}
 * @param scorers those of the type {@code scorer}
 * @param edits the processors of all other types
 * @param exporters those that send OTLP to backends
 * @param kafkaExporters those that write to Kafka
 * @param localExporters those that write on this machine
 * @param memoryLimit how many bytes of requests each receiver holds at most, if that is less than
 *     its default; 0 = its default
 * @param ledger null for none; otherwise each pipeline that prices calls lists it among its
 *     connectors
 * @param viewer pages about recent traces; null = none
 * @param needs what {@link #withDataDirectory} checks
 * @param warnings probable mistakes, each with its place; to be logged
 */
public record CollectorConfig(
    List<ReceiverConfig> receivers,
    List<KafkaReceiverConfig> kafkaReceivers,
    List<ProcessorConfig> processors,
    List<ScorerConfig> scorers,
    List<EditConfig> edits,
    List<ExporterConfig> exporters,
    List<KafkaExporterConfig> kafkaExporters,
    List<LocalExporterConfig> localExporters,
    List<ConnectorConfig> connectors,
    List<PipelineConfig> pipelines,
    List<HealthCheckConfig> healthChecks,
    long memoryLimit,
    StorageConfig storage,
    @Nullable LedgerConfig ledger,
    @Nullable ViewerConfig viewer,
    DirectoryNeeds needs,
    TelemetryConfig telemetry,
    List<Fault> warnings) {
  public CollectorConfig {
    receivers = List.copyOf(receivers);
    kafkaReceivers = List.copyOf(kafkaReceivers);
    exporters = List.copyOf(exporters);
    kafkaExporters = List.copyOf(kafkaExporters);
    localExporters = List.copyOf(localExporters);
    connectors = List.copyOf(connectors);
    pipelines = List.copyOf(pipelines);
    processors = List.copyOf(processors);
    healthChecks = List.copyOf(healthChecks);
    scorers = List.copyOf(scorers);
    edits = List.copyOf(edits);
    warnings = List.copyOf(warnings);
    boolean accounts = ledger != null;
    pipelines = pipelines.stream().map(pipeline -> withLedger(pipeline, accounts)).toList();
  }

  private static PipelineConfig withLedger(PipelineConfig pipeline, boolean accounts) {
    boolean prices = pipeline.signal() != Signal.METRICS && pipeline.tallyspan().isPresent();
    return pipeline.withConnector(LedgerConfig.ID, accounts && prices);
  }

  /** Returns a copy that keeps the accounts; they need a data directory. */
  public CollectorConfig withLedger(LedgerConfig settings) {
    return with(processors, storage, settings);
  }

  /** Returns a copy whose viewer, if there is one, keeps traces; that needs a data directory. */
  public CollectorConfig withStoredTraces() {
    return with(processors, storage, ledger, viewer == null ? null : viewer.withStorage());
  }

  /** Returns a copy in which processors without a catalog use this one. */
  public CollectorConfig withCatalog(CatalogConfig catalog) {
    return with(
        processors.stream()
            .map(each -> each.catalog() == null ? each.withCatalog(catalog) : each)
            .toList(),
        storage,
        ledger);
  }

  /**
   * Returns a copy that keeps its data in this directory, whatever the file says. Without one,
   * there is no ledger.
   *
   * @param directory null for none
   * @throws ConfigException if there is none, but the configuration needs one: with one fault for
   *     each place that asks for it
   */
  public CollectorConfig withDataDirectory(@Nullable Path directory) throws ConfigException {
    needs.check(directory);
    return with(processors, storage.withDirectory(directory), directory == null ? null : ledger);
  }

  private CollectorConfig with(
      List<ProcessorConfig> processors, StorageConfig storage, @Nullable LedgerConfig ledger) {
    return with(processors, storage, ledger, viewer);
  }

  private CollectorConfig with(
      List<ProcessorConfig> processors,
      StorageConfig storage,
      @Nullable LedgerConfig ledger,
      @Nullable ViewerConfig viewer) {
    return new CollectorConfig(
        receivers,
        kafkaReceivers,
        processors,
        scorers,
        edits,
        exporters,
        kafkaExporters,
        localExporters,
        connectors,
        pipelines,
        healthChecks,
        memoryLimit,
        storage,
        ledger,
        viewer,
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
        && pipelines.stream().allMatch(it -> it.tallyspan().isEmpty());
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
   * Returns what of the content the webhook of a scorer gets: its own policy, or else the strictest
   * of the exporters.
   *
   * @return null if it gets all content
   */
  public @Nullable PolicyConfig webhookPolicy(ScorerConfig scorer) {
    return scorer.ownPolicy() ? scorer.policy() : ViewerConfig.strictest(allExporters());
  }

  /**
   * Returns an exporter that sends OTLP.
   *
   * @throws NoSuchElementException if there is none with this id
   */
  public ExporterConfig exporter(String id) {
    return exporters.stream().filter(it -> it.id().equals(id)).findFirst().orElseThrow();
  }

  /** The exporters that send over a network, those that send OTLP first. */
  public List<QueuedExporterConfig> queuedExporters() {
    return Stream.<QueuedExporterConfig>concat(exporters.stream(), kafkaExporters.stream())
        .toList();
  }

  /** All exporters, those that send OTLP first; empty if nothing is forwarded. */
  public List<AnyExporterConfig> allExporters() {
    return Stream.<AnyExporterConfig>concat(queuedExporters().stream(), localExporters.stream())
        .toList();
  }

  /**
   * Returns an exporter of any type.
   *
   * @throws NoSuchElementException if there is none with this id
   */
  public AnyExporterConfig anyExporter(String id) {
    return allExporters().stream().filter(it -> it.id().equals(id)).findFirst().orElseThrow();
  }

  /** Whether an exporter sends the tenant in a header. */
  public boolean sendsTenant(String exporter) {
    return exporters.stream()
        .anyMatch(
            it ->
                it.id().equals(exporter)
                    && it.auth() instanceof HeadersSettings rules
                    && rules.needsTenant());
  }

  /**
   * The attribute of resources that names the tenant for an exporter: that of the first of its
   * pipelines that has one.
   */
  public String tenantAttribute(String exporter) {
    return pipelines.stream()
        .filter(pipeline -> pipeline.exporters().contains(exporter))
        .flatMap(pipeline -> pipeline.tallyspan().stream())
        .map(id -> processor(id).tenantAttribute())
        .findFirst()
        .orElse(ContractsConfig.ATTRIBUTE);
  }
}
