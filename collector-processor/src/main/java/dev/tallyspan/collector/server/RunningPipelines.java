package dev.tallyspan.collector.server;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.LocalExporterConfig;
import dev.tallyspan.collector.config.PipelineConfig;
import dev.tallyspan.collector.config.QueueMode;
import dev.tallyspan.collector.config.QueuedExporterConfig;
import dev.tallyspan.collector.erasure.PersonalData;
import dev.tallyspan.collector.exporter.Exporter;
import dev.tallyspan.collector.exporter.OtlpExporter;
import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.pipeline.Pipeline;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.receiver.kafka.RefusedRecords;
import dev.tallyspan.pricing.PriceCatalog;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All that one configuration has behind its receivers: queues, processors, exporters. */
final class RunningPipelines {

  /**
   * What stays the same for every configuration of a server.
   *
   * @param also gets what every pipeline gets, in addition to its exporters
   * @param metricReaders read the metrics of connectors, by id; null for none
   * @param processed what each processor has counted, by id. A processor that a new configuration
   *     has as well goes on counting, so that its totals do not fall
   */
  record Surroundings(
      Meter meter,
      List<Output> also,
      @Nullable Function<String, MetricReader> metricReaders,
      Runnable lastReading,
      Map<String, ProcessedItems> processed) {}

  /**
   * How long exporters after a queue may finish what is in flight. What a queue on disk holds need
   * not be delivered now, and what a queue in memory holds has been waited for.
   */
  private static final Duration IN_FLIGHT = Duration.ofSeconds(2);

  private final CollectorConfig config;
  private final Surroundings around;
  private final Catalogs catalogs;
  private final Connectors connectors;
  private final Map<String, Exporter> exporters = new LinkedHashMap<>();
  private final Map<String, Exporter> patientExporters = new LinkedHashMap<>();
  private @Nullable Processors processors;
  private @Nullable Queues queues;

  private RunningPipelines(CollectorConfig config, Surroundings around) {
    this.config = config;
    this.around = around;
    catalogs = Catalogs.open(config, around.meter, InstantSource.system());
    connectors = Connectors.of(config, around.metricReaders, InstantSource.system(), around.meter);
    ProcessedItems.start(config, around.meter, around.processed);
  }

  /**
   * Opens everything. Exporters connect only when there is something to send.
   *
   * @throws IOException if the data directory cannot be used
   * @throws IllegalArgumentException if a file or value in the configuration is not valid
   */
  static RunningPipelines open(CollectorConfig config, Surroundings around) throws IOException {
    RunningPipelines pipelines = new RunningPipelines(config, around);
    try {
      pipelines.open();
      return pipelines;
    } catch (IOException | RuntimeException e) {
      pipelines.deliver(Duration.ZERO);
      pipelines.close(Duration.ZERO);
      throw e;
    }
  }

  private void open() throws IOException {
    Processors processors = Processors.of(config, catalogs, around.meter, !around.also.isEmpty());
    this.processors = processors;
    for (LocalExporterConfig exporter : config.localExporters()) {
      if (config.pipelines().stream().noneMatch(it -> it.exporters().contains(exporter.id()))) {
        continue; // Creating it would empty its file.
      }
      // One for all pipelines, because a file has one writer.
      Exporter created = Exporters.create(exporter, around.meter);
      exporters.put(exporter.id(), created);
      patientExporters.put(exporter.id(), created);
    }
    for (QueuedExporterConfig exporter : config.queuedExporters()) {
      OtlpExporter direct = null;
      String tenant = config.tenantAttribute(exporter.id());
      if (isUsed(exporter, /* queued= */ false)) {
        direct = Exporters.builder(exporter).tenantAttribute(tenant).meter(around.meter).build();
        exporters.put(exporter.id(), direct);
      }
      if (isUsed(exporter, /* queued= */ true)) {
        OtlpExporter.Builder patient =
            Exporters.patient(exporter).tenantAttribute(tenant).meter(around.meter);
        patientExporters.put(
            exporter.id(), (direct == null ? patient : patient.metricsOf(direct)).build());
      }
    }
    Queues opened =
        Queues.open(
            config, processors, patientExporters, connectors, around.processed, around.meter);
    queues = opened;
    List<PersonalData> places = new ArrayList<>(opened.personalData());
    for (Output output : around.also) {
      if (output instanceof PersonalData place) {
        places.add(place);
      }
    }
    connectors.others(places);
    connectors.sendTo(this::intake);
  }

  /** Returns the price catalogs in force, by the id of their processor. */
  Map<String, PriceCatalog> catalogs() {
    return catalogs.inForce();
  }

  /** The directory in which requests wait; empty if no queue is on disk. */
  Optional<Path> queueDirectory() {
    return Optional.ofNullable(queues).flatMap(Queues::directory);
  }

  /** Keeps records that are refused for good; without a queue on disk, nothing is kept. */
  RefusedRecords refusedRecords() {
    return queues == null ? RefusedRecords.NONE : queues.refusedRecords();
  }

  /** Whether data can be accepted: false while a queue cannot be written. */
  boolean isHealthy() {
    return queues == null || queues.isHealthy();
  }

  /**
   * Delivers what is pending. Requests that cannot be delivered in time are refused as {@code
   * UNAVAILABLE}, so that their senders keep them. What is on disk stays there.
   *
   * @param limit the total time; zero = do not wait
   */
  void deliver(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    connectors.flush(until(deadline).dividedBy(4));
    if (processors != null) {
      Duration left = until(deadline).dividedBy(4);
      processors.closeScorers(left.compareTo(IN_FLIGHT) < 0 ? left : IN_FLIGHT);
    }
    if (queues != null) {
      queues.drain(until(deadline).minus(IN_FLIGHT));
    }
    // Once more, because what was drained was counted. A queue in memory takes no more requests.
    connectors.flush(until(deadline).dividedBy(4));
    Duration delivery = until(deadline);
    Duration inFlight = delivery.compareTo(IN_FLIGHT) < 0 ? delivery : IN_FLIGHT;
    List<Exporter> all = new ArrayList<>(exporters.values());
    all.addAll(patientExporters.values());
    Together.close(
        all, exporter -> exporter.close(exporters.containsValue(exporter) ? delivery : inFlight));
  }

  /**
   * Closes everything, after {@link #deliver}.
   *
   * @param limit for alerts that are waiting to be sent
   */
  void close(Duration limit) {
    connectors.close(limit);
    if (queues != null) {
      queues.close();
    }
    if (processors != null) {
      processors.policies().close(limit);
    }
    around.lastReading.run();
    catalogs.close();
  }

  private static Duration until(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  /**
   * Whether a pipeline uses the exporter, after a queue or without one. An exporter in a queued
   * pipeline waits for its backend without end, one in a direct pipeline does not; so an exporter
   * that is in both is built twice.
   */
  private boolean isUsed(QueuedExporterConfig exporter, boolean queued) {
    List<PipelineConfig> users =
        config.pipelines().stream().filter(it -> it.exporters().contains(exporter.id())).toList();
    return users.stream().anyMatch(it -> (config.queueMode(it) != QueueMode.DIRECT) == queued);
  }

  /** Returns the way into the pipelines of a receiver or connector. */
  Intake intake(String receiver) {
    Processors processors = requireNonNull(this.processors);
    Queues queues = requireNonNull(this.queues);
    Map<Signal, List<Intake>> intakes = new EnumMap<>(Signal.class);
    Map<Signal, List<Intake>> observing = new EnumMap<>(Signal.class);
    Map<Signal, Map<QueueMode, List<String>>> queued = new EnumMap<>(Signal.class);
    for (PipelineConfig pipeline : config.pipelines()) {
      if (!pipeline.receivers().contains(receiver)) {
        continue;
      }
      QueueMode mode = config.queueMode(pipeline);
      List<Intake> taking = intakes.computeIfAbsent(pipeline.signal(), signal -> new ArrayList<>());
      if (mode == QueueMode.DIRECT) {
        ProcessedItems counts = ProcessedItems.of(pipeline, around.processed);
        List<Output> outputs =
            new ArrayList<>(
                Outputs.of(
                    config,
                    pipeline,
                    pipeline.exporters(),
                    processors,
                    exporters,
                    counts,
                    around.meter));
        List<Output> observers = new ArrayList<>();
        pipeline
            .connectors()
            .forEach(
                id ->
                    observers.add(
                        connectors.output(id, tenantAttribute(pipeline), /* queued= */ false)));
        observers.addAll(around.also);
        boolean delivers = !outputs.isEmpty();
        if (!delivers) {
          outputs.addAll(observers);
        } else if (!observers.isEmpty()) {
          outputs.set(0, new Observed(outputs.get(0), observers));
        }
        if (!outputs.isEmpty()) {
          List<Processor> chain = processors.chain(pipeline, /* first= */ true);
          if (counts != null) {
            chain = counts.before(chain, pipeline.beforeTallyspan().size());
            if (pipeline.exporters().isEmpty()) {
              chain.add(counts.decided());
            }
          }
          Pipeline running = new Pipeline(chain, outputs);
          processors.resultsTo(pipeline, running);
          if (delivers) {
            taking.add(running);
          } else {
            observing.computeIfAbsent(pipeline.signal(), each -> new ArrayList<>()).add(running);
          }
        }
      } else {
        List<Intake> results = new ArrayList<>();
        if (!around.also.isEmpty()) {
          Intake looking = queues.observing(around.also, pipeline);
          taking.add(looking);
          results.add(looking);
        }
        results.add(queues.intake(mode, List.of(pipeline.id())));
        processors.resultsTo(
            pipeline, request -> request.passTo("a pipeline", results, Intake::accept));
        queued
            .computeIfAbsent(pipeline.signal(), signal -> new EnumMap<>(QueueMode.class))
            .computeIfAbsent(mode, each -> new ArrayList<>())
            .add(pipeline.id());
      }
    }
    queued.forEach(
        (signal, modes) ->
            modes.forEach(
                (mode, pipelines) ->
                    intakes
                        .computeIfAbsent(signal, each -> new ArrayList<>())
                        .add(queues.intake(mode, pipelines))));
    return new TenantStamp(
        Processors.tenantAttributes(config, receiver), new SignalIntake(intakes, observing));
  }

  private String tenantAttribute(PipelineConfig pipeline) {
    return Processors.tenantAttribute(config, pipeline);
  }
}
