package dev.tallyspan.collector.server;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.PipelineConfig;
import dev.tallyspan.collector.config.QueueMode;
import dev.tallyspan.collector.exporter.Exporter;
import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.Timer;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.pipeline.Pipeline;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.pipeline.SharedProcessor;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.queue.QueueOutput;
import dev.tallyspan.collector.queue.RequestQueue;
import dev.tallyspan.collector.queue.log.MemoryLog;
import io.opentelemetry.api.metrics.Meter;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
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
  private @Nullable Storage storage;

  private Queues() {
    AtomicInteger number = new AtomicInteger();
    workers =
        Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            task -> {
              Thread thread = new Thread(task, "tallyspan-deliver-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Opens the queues that the configuration asks for.
   *
   * @param exporters by id; those of queued pipelines are patient
   * @throws IOException if the data directory cannot be used
   * @throws IllegalArgumentException if a key of the storage is not valid
   */
  static Queues open(
      CollectorConfig config,
      Map<String, LlmProcessor> processors,
      Map<String, Exporter> exporters,
      Meter meter)
      throws IOException {
    Queues opened = new Queues();
    try {
      if (uses(config, QueueMode.DURABLE)) {
        Storage storage = Storage.open(config.storage(), meter);
        opened.storage = storage;
        RequestQueue.Builder builder = storage.queue(opened.timer).meter(meter);
        outputs(builder, QueueMode.DURABLE, config, processors, exporters, meter);
        opened.queues.put(
            QueueMode.DURABLE, storage.started(builder.executor(opened.workers).build()));
      }
      if (uses(config, QueueMode.MEMORY)) {
        MemoryLog log = new MemoryLog(Runtime.getRuntime().maxMemory() / 4, InstantSource.system());
        RequestQueue.Builder builder =
            RequestQueue.builder("memory", log, opened.timer).meter(meter);
        outputs(builder, QueueMode.MEMORY, config, processors, exporters, meter);
        RequestQueue queue = builder.executor(opened.workers).build();
        queue.start();
        opened.queues.put(QueueMode.MEMORY, queue);
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

  /** Adds an output for each exporter of each pipeline in this mode. */
  private static void outputs(
      RequestQueue.Builder queue,
      QueueMode mode,
      CollectorConfig config,
      Map<String, LlmProcessor> processors,
      Map<String, Exporter> exporters,
      Meter meter) {
    for (PipelineConfig pipeline : config.pipelines()) {
      if (config.queueMode(pipeline) != mode) {
        continue;
      }
      boolean shared = pipeline.exporters().size() > 1;
      List<Processor> chain =
          Processors.chain(pipeline, processors).stream()
              .<Processor>map(it -> shared ? new SharedProcessor(it) : it)
              .toList();
      for (String id : pipeline.exporters()) {
        Exporter exporter = requireNonNull(exporters.get(id), id);
        List<Output> output =
            Outputs.of(config, pipeline, List.of(id), processors, Map.of(id, exporter), meter);
        queue.output(
            new QueueOutput(
                QueueOutput.name(pipeline.id(), id),
                pipeline.id(),
                new Pipeline(chain, output),
                concurrency(config, id)));
      }
    }
  }

  /** An exporter that sends one request at a time gets them in order. */
  private static int concurrency(CollectorConfig config, String exporter) {
    return Math.min(
        Runtime.getRuntime().availableProcessors(),
        config.exporter(exporter).queue().numConsumers());
  }

  /** Returns the intake of these pipelines, which all have the same mode. */
  Intake intake(QueueMode mode, List<String> pipelines) {
    return requireNonNull(queues.get(mode), mode.name()).intake(pipelines);
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
   * Exporters must be closed afterwards.
   */
  void drain(Duration limit) {
    RequestQueue durable = queues.get(QueueMode.DURABLE);
    if (durable != null) {
      durable.stop();
    }
    RequestQueue memory = queues.get(QueueMode.MEMORY);
    if (memory != null) {
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
