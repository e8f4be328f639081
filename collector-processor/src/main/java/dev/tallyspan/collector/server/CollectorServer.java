package dev.tallyspan.collector.server;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ExporterConfig;
import dev.tallyspan.collector.config.LocalExporterConfig;
import dev.tallyspan.collector.config.PipelineConfig;
import dev.tallyspan.collector.config.QueueMode;
import dev.tallyspan.collector.config.ReceiverConfig;
import dev.tallyspan.collector.exporter.Exporter;
import dev.tallyspan.collector.exporter.OtlpExporter;
import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.pipeline.Pipeline;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.receiver.OtlpReceiver;
import dev.tallyspan.pricing.PriceCatalog;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A running collector. Starts exporters before receivers and closes them after receivers, so that
 * it accepts only data that it can forward.
 */
public final class CollectorServer implements AutoCloseable {

  /**
   * How long exporters after a queue may finish what is in flight. What a queue on disk holds need
   * not be delivered now, and what a queue in memory holds has been waited for.
   */
  private static final Duration IN_FLIGHT = Duration.ofSeconds(2);

  private final Catalogs catalogs;
  private final Map<String, Exporter> exporters = new LinkedHashMap<>();
  private final Map<String, Exporter> patientExporters = new LinkedHashMap<>();
  private final Map<String, OtlpReceiver> receivers = new LinkedHashMap<>();
  private final Connectors connectors;
  private final Map<String, ProcessedItems> processed;
  private final Runnable lastReading;
  private final Authenticators authenticators = new Authenticators();
  private @Nullable Queues queues;

  private CollectorServer(
      Catalogs catalogs,
      Connectors connectors,
      Map<String, ProcessedItems> processed,
      Runnable lastReading) {
    this.lastReading = lastReading;
    this.catalogs = catalogs;
    this.connectors = connectors;
    this.processed = processed;
  }

  public static Builder builder(CollectorConfig config) {
    return new Builder(config);
  }

  /**
   * Returns the port of a receiver's OTLP/gRPC; -1 if it is off.
   *
   * @throws NullPointerException if there is no such receiver
   */
  public int grpcPort(String receiver) {
    return receiver(receiver).grpcPort();
  }

  /**
   * Returns the port of a receiver's OTLP/HTTP; -1 if it is off.
   *
   * @throws NullPointerException if there is no such receiver
   */
  public int httpPort(String receiver) {
    return receiver(receiver).httpPort();
  }

  private OtlpReceiver receiver(String id) {
    return requireNonNull(receivers.get(id), id);
  }

  /** Returns the price catalogs in force, by the id of their processor. */
  public Map<String, PriceCatalog> catalogs() {
    return catalogs.inForce();
  }

  /** The directory in which requests wait; empty if no queue is on disk. */
  public Optional<Path> queueDirectory() {
    return Optional.ofNullable(queues).flatMap(Queues::directory);
  }

  /** Whether the collector can accept data: false while a queue cannot be written. */
  public boolean isHealthy() {
    return queues == null || queues.isHealthy();
  }

  /** Closes within 10 s. */
  @Override
  public void close() {
    close(Duration.ofSeconds(10));
  }

  /**
   * Accepts no more requests, delivers pending ones and answers their senders, all within one
   * deadline. Requests that cannot be delivered in time are refused as {@code UNAVAILABLE}, so that
   * their senders keep them; a tenth of the time is reserved for these answers. What is on disk
   * stays there for the next run.
   *
   * @param drain the total time limit, which may be slightly exceeded; zero = do not wait
   */
  public void close(Duration drain) {
    long deadline = System.nanoTime() + drain.toNanos();
    receivers.values().forEach(OtlpReceiver::stopAccepting);
    long delivered = deadline - drain.dividedBy(10).toNanos();
    connectors.flush(until(delivered).dividedBy(4));
    if (queues != null) {
      queues.drain(until(delivered).minus(IN_FLIGHT));
    }
    // Once more, because what was drained was counted. A queue in memory takes no more requests.
    connectors.flush(until(delivered).dividedBy(4));
    Duration delivery = until(delivered);
    Duration inFlight = delivery.compareTo(IN_FLIGHT) < 0 ? delivery : IN_FLIGHT;
    List<Exporter> all = new ArrayList<>(exporters.values());
    all.addAll(patientExporters.values());
    together(
        all, exporter -> exporter.close(exporters.containsValue(exporter) ? delivery : inFlight));
    Duration left = until(deadline);
    together(receivers.values(), receiver -> receiver.close(left));
    authenticators.close();
    connectors.close(until(deadline));
    if (queues != null) {
      queues.close();
    }
    lastReading.run();
    catalogs.close();
    processed.values().forEach(ProcessedItems::close);
  }

  private static Duration until(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  /** Closes each on its own thread, so that a slow one does not use up the time of the others. */
  private static <T> void together(Collection<T> all, Consumer<T> close) {
    List<Thread> threads = new ArrayList<>();
    for (T each : all) {
      Thread thread = new Thread(() -> close.accept(each), "tallyspan-close");
      thread.start();
      threads.add(thread);
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Builds and starts a {@link CollectorServer}. */
  public static final class Builder {
    private final CollectorConfig config;
    private Meter meter = MeterProvider.noop().get("tallyspan");
    private List<Output> also = List.of();
    private Runnable lastReading = () -> {};
    private @Nullable Function<String, MetricReader> metricReaders;

    Builder(CollectorConfig config) {
      this.config = requireNonNull(config, "config");
    }

    /** Records the collector's own metrics. Default: no metrics. */
    public Builder meter(Meter meter) {
      this.meter = requireNonNull(meter, "meter");
      return this;
    }

    /**
     * Runs when everything is counted, and before the series of processors and catalogs end: for
     * those who send the last values. Default: nothing.
     *
     * @param reading may block for a short time
     */
    public Builder lastReading(Runnable reading) {
      lastReading = requireNonNull(reading, "reading");
      return this;
    }

    /**
     * Reads the metrics that connectors compute, in addition to the pipelines that get them.
     * Default: no reader.
     *
     * @param readers creates a reader for the connector with an id
     */
    public Builder metricReaders(Function<String, MetricReader> readers) {
      metricReaders = requireNonNull(readers, "readers");
      return this;
    }

    /** Adds an output to every pipeline, in addition to its exporters. Default: none. */
    public Builder also(Output also) {
      this.also = List.of(also);
      return this;
    }

    /**
     * Starts the collector.
     *
     * @throws IOException if it cannot listen on an address
     * @throws IllegalArgumentException if a file or value in the configuration is not valid
     */
    public CollectorServer start() throws IOException {
      CollectorServer server =
          new CollectorServer(
              Catalogs.open(config, meter, InstantSource.system()),
              Connectors.of(config, metricReaders, InstantSource.system()),
              ProcessedItems.of(config, meter),
              lastReading);
      try {
        Processors processors = Processors.of(config, server.catalogs, meter);
        for (LocalExporterConfig exporter : config.localExporters()) {
          if (config.pipelines().stream().noneMatch(it -> it.exporters().contains(exporter.id()))) {
            continue; // Creating it would empty its file.
          }
          // One for all pipelines, because a file has one writer.
          Exporter created = Exporters.create(exporter, meter);
          server.exporters.put(exporter.id(), created);
          server.patientExporters.put(exporter.id(), created);
        }
        for (ExporterConfig exporter : config.exporters()) {
          OtlpExporter direct = null;
          if (isUsed(exporter, /* queued= */ false)) {
            direct = Exporters.builder(exporter).meter(meter).build();
            server.exporters.put(exporter.id(), direct);
          }
          if (isUsed(exporter, /* queued= */ true)) {
            OtlpExporter.Builder patient = Exporters.patient(exporter).meter(meter);
            server.patientExporters.put(
                exporter.id(), (direct == null ? patient : patient.metricsOf(direct)).build());
          }
        }
        server.queues =
            Queues.open(
                config,
                processors,
                server.patientExporters,
                server.connectors,
                server.processed,
                meter);
        Queues queues = server.queues;
        server.connectors.sendTo(id -> intake(id, processors, server, queues));
        for (ReceiverConfig receiver : config.receivers()) {
          OtlpReceiver otlp =
              Receivers.builder(receiver, server.authenticators)
                  .maxInFlightBytes(memoryLimit())
                  .intake(intake(receiver.id(), processors, server, server.queues))
                  .meter(meter)
                  .build();
          server.receivers.put(receiver.id(), otlp);
          try {
            otlp.start();
          } catch (IOException e) {
            throw new IOException("receivers." + receiver.id() + "." + e.getMessage(), e);
          }
        }
        return server;
      } catch (IOException | RuntimeException e) {
        server.close(Duration.ZERO);
        throw e;
      }
    }

    /**
     * Whether a pipeline uses the exporter, after a queue or without one. An exporter in a queued
     * pipeline waits for its backend without end, one in a direct pipeline does not; so an exporter
     * that is in both is built twice.
     */
    private boolean isUsed(ExporterConfig exporter, boolean queued) {
      List<PipelineConfig> users =
          config.pipelines().stream().filter(it -> it.exporters().contains(exporter.id())).toList();
      return users.stream().anyMatch(it -> (config.queueMode(it) != QueueMode.DIRECT) == queued);
    }

    /** The configuration may lower the limit, but the heap does not allow to raise it. */
    private long memoryLimit() {
      return config.memoryLimit() == 0
          ? 0
          : Math.min(config.memoryLimit(), Runtime.getRuntime().maxMemory() / 4);
    }

    /** Returns the way into the pipelines of a receiver or connector. */
    private Intake intake(
        String receiver, Processors processors, CollectorServer server, Queues queues) {
      Map<Signal, List<Intake>> intakes = new EnumMap<>(Signal.class);
      Map<Signal, Map<QueueMode, List<String>>> queued = new EnumMap<>(Signal.class);
      for (PipelineConfig pipeline : config.pipelines()) {
        if (!pipeline.receivers().contains(receiver)) {
          continue;
        }
        QueueMode mode = config.queueMode(pipeline);
        List<Intake> taking =
            intakes.computeIfAbsent(pipeline.signal(), signal -> new ArrayList<>());
        if (mode == QueueMode.DIRECT) {
          ProcessedItems processed = ProcessedItems.of(pipeline, server.processed);
          List<Output> outputs = new ArrayList<>(also);
          outputs.addAll(
              0,
              Outputs.of(
                  config,
                  pipeline,
                  pipeline.exporters(),
                  processors,
                  server.exporters,
                  processed,
                  meter));
          pipeline.connectors().forEach(id -> outputs.add(server.connectors.output(id)));
          if (!outputs.isEmpty()) {
            List<Processor> chain = processors.chain(pipeline);
            if (processed != null) {
              chain = processed.before(chain);
              if (pipeline.exporters().isEmpty()) {
                chain.add(processed.decided());
              }
            }
            taking.add(new Pipeline(chain, outputs));
          }
        } else {
          if (!also.isEmpty()) {
            taking.add(queues.observing(also, pipeline));
          }
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
          Processors.tenantAttributes(config, receiver), new SignalIntake(intakes));
    }
  }
}
