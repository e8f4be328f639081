package dev.tallyspan.collector.server;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.PipelineConfig;
import dev.tallyspan.collector.config.QueueMode;
import dev.tallyspan.collector.erasure.PersonalData;
import dev.tallyspan.collector.exporter.Exporter;
import dev.tallyspan.collector.flow.Heap;
import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.Timer;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.pipeline.Pipeline;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.pipeline.SharedProcessor;
import dev.tallyspan.collector.queue.QueueOutput;
import dev.tallyspan.collector.queue.RequestQueue;
import dev.tallyspan.collector.queue.log.MemoryLog;
import dev.tallyspan.collector.receiver.kafka.RefusedRecords;
import io.opentelemetry.api.metrics.Meter;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The queues of the pipelines whose senders do not wait for the backends. */
final class Queues implements AutoCloseable {

  private static final Logger LOGGER = System.getLogger(Queues.class.getName());

  private final Map<QueueMode, RequestQueue> queues = new EnumMap<>(QueueMode.class);
  private final Timer timer = Timer.system("tallyspan-queue-timer");
  private final ExecutorService workers;
  private final Windows windows;
  private final List<PersonalData> personalData = new ArrayList<>();
  private @Nullable Storage storage;

  private Queues(CollectorConfig config, Processors processors, Meter meter) {
    AtomicInteger number = new AtomicInteger();
    workers =
        Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            task -> {
              Thread thread = new Thread(task, "tallyspan-deliver-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    windows = new Windows(config, processors, timer, workers, meter);
  }

  /**
   * Opens the queues that the configuration asks for.
   *
   * @param exporters by id; those of queued pipelines are patient
   * @param processed counts what processors do, by the id of the processor
   * @throws IOException if the data directory cannot be used
   * @throws IllegalArgumentException if a key of the storage is not valid
   */
  static Queues open(
      CollectorConfig config,
      Processors processors,
      Map<String, Exporter> exporters,
      Connectors connectors,
      Map<String, ProcessedItems> processed,
      Meter meter)
      throws IOException {
    Queues opened = new Queues(config, processors, meter);
    SubjectItems items = SubjectItems.of(config);
    try {
      if (uses(config, QueueMode.DURABLE)) {
        Storage storage = Storage.open(config.storage(), meter);
        opened.storage = storage;
        RequestQueue.Builder builder = storage.queue(opened.timer).meter(meter);
        opened.outputs(
            builder,
            QueueMode.DURABLE,
            config,
            processors,
            exporters,
            connectors,
            processed,
            meter);
        opened.queues.put(
            QueueMode.DURABLE, storage.started(builder.executor(opened.workers).build()));
        opened.personalData.add(storage.personalData(items));
      }
      if (uses(config, QueueMode.MEMORY)) {
        MemoryLog log = new MemoryLog(Heap.share(4), InstantSource.system());
        RequestQueue.Builder builder =
            RequestQueue.builder("memory", log, opened.timer).meter(meter);
        opened.outputs(
            builder, QueueMode.MEMORY, config, processors, exporters, connectors, processed, meter);
        RequestQueue queue = builder.executor(opened.workers).build();
        queue.start();
        opened.queues.put(QueueMode.MEMORY, queue);
        opened.personalData.add(new KeptRequests(queue, log, /* dead= */ null, items));
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private static boolean uses(CollectorConfig config, QueueMode mode) {
    return config.pipelines().stream().anyMatch(it -> config.queueMode(it) == mode);
  }

  /** Adds an output for each exporter and connector of each pipeline in this mode. */
  private void outputs(
      RequestQueue.Builder queue,
      QueueMode mode,
      CollectorConfig config,
      Processors processors,
      Map<String, Exporter> exporters,
      Connectors connectors,
      Map<String, ProcessedItems> processed,
      Meter meter) {
    for (PipelineConfig pipeline : config.pipelines()) {
      if (config.queueMode(pipeline) != mode) {
        continue;
      }
      boolean shared = pipeline.exporters().size() + pipeline.connectors().size() > 1;
      List<Processor> chain =
          windows.chain(pipeline, /* first= */ true).stream()
              .<Processor>map(it -> shared ? new SharedProcessor(it) : it)
              .toList();
      // Only the first output counts what the processor does.
      ProcessedItems counts = ProcessedItems.of(pipeline, processed);
      for (String id : pipeline.exporters()) {
        Exporter exporter = requireNonNull(exporters.get(id), id);
        Outputs.Stepped output =
            Outputs.of(config, pipeline, id, processors, exporter, counts, meter);
        queue.output(
            output(
                pipeline, id, counted(pipeline, chain, counts), output, concurrency(config, id)));
        counts = null;
      }
      for (String id : pipeline.connectors()) {
        int concurrency = Runtime.getRuntime().availableProcessors();
        Outputs.Stepped output =
            new Outputs.Stepped(
                counts == null ? List.of() : List.of(counts.with(/* sampling= */ null)),
                connectors.output(
                    id, Processors.tenantAttribute(config, pipeline), /* queued= */ true));
        queue.output(output(pipeline, id, counted(pipeline, chain, counts), output, concurrency));
        counts = null;
      }
    }
  }

  private static List<Processor> counted(
      PipelineConfig pipeline, List<Processor> chain, @Nullable ProcessedItems processed) {
    return processed == null ? chain : processed.before(chain, pipeline.beforeTallyspan().size());
  }

  private QueueOutput output(
      PipelineConfig pipeline,
      String id,
      List<Processor> chain,
      Outputs.Stepped output,
      int concurrency) {
    String name = QueueOutput.name(pipeline.id(), id);
    Pipeline delivery = new Pipeline(chain, List.of(windows.before(output, name, pipeline)));
    return new QueueOutput(name, pipeline.id(), delivery, concurrency, windows.heldBytes(pipeline));
  }

  /** An exporter that sends one request at a time gets them in order. */
  private static int concurrency(CollectorConfig config, String exporter) {
    return Math.min(
        Runtime.getRuntime().availableProcessors(), config.anyExporter(exporter).concurrency());
  }

  /** Returns the intake of these pipelines, which all have the same mode. */
  Intake intake(QueueMode mode, List<String> pipelines) {
    return requireNonNull(queues.get(mode), mode.name()).intake(pipelines);
  }

  /** Returns an intake for outputs that only look on at what a queued pipeline gets. */
  Intake observing(List<Output> outputs, PipelineConfig pipeline) {
    return new Pipeline(
        windows.chain(pipeline, /* first= */ false),
        outputs.stream().map(output -> windows.observer(output, pipeline)).toList());
  }

  /** The queues, for commands that remove what people did. */
  List<PersonalData> personalData() {
    return personalData;
  }

  /** Keeps records beside other dead letters; without a queue on disk, nothing is kept. */
  RefusedRecords refusedRecords() {
    return storage == null ? RefusedRecords.NONE : storage.refusedRecords();
  }

  /** The directory of the durable queue; empty if there is none. */
  Optional<Path> directory() {
    return Optional.ofNullable(storage).map(Storage::directory);
  }

  /** Whether requests can be stored at the moment. */
  boolean isHealthy() {
    return storage == null || storage.isHealthy();
  }

  /**
   * Stops the delivery of what is on disk, and waits until everything in memory is delivered.
   * Traces that wait for more spans are decided now if they are in memory only; those on disk wait
   * for the next run. Exporters must be closed afterwards.
   */
  void drain(Duration limit) {
    windows.flushObservers();
    RequestQueue durable = queues.get(QueueMode.DURABLE);
    if (durable != null) {
      durable.stop();
    }
    RequestQueue memory = queues.get(QueueMode.MEMORY);
    if (memory != null) {
      windows.flush(QueueMode.MEMORY);
      memory.awaitDrained(limit);
      memory.stop();
    }
  }

  /** Closes the queues, after the exporters. */
  @Override
  public void close() {
    RequestQueue memory = queues.get(QueueMode.MEMORY);
    if (memory != null && memory.undelivered() > 0) {
      LOGGER.log(
          Level.WARNING,
          "the queue in memory: {0} items were not delivered in time and are lost",
          memory.undelivered());
    }
    queues.values().forEach(RequestQueue::close);
    windows.close();
    if (storage != null) {
      storage.close();
    }
    timer.close();
    workers.shutdown();
    try {
      workers.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
