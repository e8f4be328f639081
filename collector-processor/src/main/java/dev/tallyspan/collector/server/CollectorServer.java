package dev.tallyspan.collector.server;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.flow.Heap;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.receiver.kafka.RefusedRecords;
import dev.tallyspan.pricing.PriceCatalog;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A running collector. Starts exporters before receivers and closes them after receivers, so that
 * it accepts only data that it can forward. Another configuration can take the place of the one
 * that runs.
 */
public final class CollectorServer implements AutoCloseable {

  /*
   * What a new configuration replaces, and in which order:
   *
   *   receivers       keep their connections, unless their own configuration changes
   *   SwitchedIntake  holds requests while there are no pipelines
   *   pipelines       are closed before the new ones are opened, because both need the same lock on
   *                   the data directory, the same files and the same series of metrics
   *
   * What waits in a queue on disk is delivered by the new pipelines, and what is in flight is
   * delivered by the old ones, for up to REPLACED. If the new pipelines cannot be opened, or a
   * receiver cannot listen, those of the old configuration are opened again: a server whose
   * configuration is wrong does what it did before.
   */

  /** How long old pipelines may finish what is in flight, while new requests wait. */
  private static final Duration REPLACED = Duration.ofSeconds(5);

  private record Receiver(String id, Object settings, long memoryLimit, RunningReceiver running) {
    boolean isOf(RunningReceiver.Configured other, long otherLimit) {
      return settings.equals(other.settings()) && memoryLimit == otherLimit;
    }
  }

  private final RunningPipelines.Surroundings around;
  private final Map<String, Receiver> receivers = new ConcurrentHashMap<>();
  private final Map<String, SwitchedIntake> intakes = new LinkedHashMap<>();

  // Guarded by this for writing.
  private volatile CollectorConfig config;
  private volatile RunningPipelines pipelines;
  private boolean closed;

  private CollectorServer(CollectorConfig config, RunningPipelines.Surroundings around)
      throws IOException {
    this.config = config;
    this.around = around;
    pipelines = RunningPipelines.open(config, around);
  }

  public static Builder builder(CollectorConfig config) {
    return new Builder(config);
  }

  /** Returns the port of a receiver's OTLP/gRPC; -1 if it is off, or there is no such receiver. */
  public int grpcPort(String receiver) {
    Receiver running = receivers.get(receiver);
    return running == null ? -1 : running.running.grpcPort();
  }

  /** Returns the port of a receiver's OTLP/HTTP; -1 if it is off, or there is no such receiver. */
  public int httpPort(String receiver) {
    Receiver running = receivers.get(receiver);
    return running == null ? -1 : running.running.httpPort();
  }

  /** Returns the configuration that runs. */
  public CollectorConfig config() {
    return config;
  }

  /** Returns the price catalogs in force, by the id of their processor. */
  public Map<String, PriceCatalog> catalogs() {
    return pipelines.catalogs();
  }

  /** The directory in which requests wait; empty if no queue is on disk. */
  public Optional<Path> queueDirectory() {
    return pipelines.queueDirectory();
  }

  /** Whether the collector can accept data: false while a queue cannot be written. */
  public boolean isHealthy() {
    return pipelines.isHealthy();
  }

  /**
   * Replaces the configuration. Blocks for up to 5 s, until what is in flight is delivered;
   * requests that arrive meanwhile wait. Connections stay, except those of receivers whose own
   * configuration changes. If the new configuration cannot run, the old one runs again.
   *
   * @throws IOException if a receiver cannot listen on an address, or the data directory cannot be
   *     used
   * @throws IllegalArgumentException if a file or value in the configuration is not valid
   * @throws IllegalStateException if the server is closed, or neither configuration can run
   */
  public synchronized void replace(CollectorConfig next) throws IOException {
    if (closed) {
      throw new IllegalStateException("the server is closed");
    }
    CollectorConfig before = config;
    intakes.values().forEach(SwitchedIntake::hold);
    pipelines.deliver(REPLACED);
    pipelines.close(Duration.ofSeconds(1));
    try {
      run(next);
    } catch (IOException | RuntimeException e) {
      try {
        run(before);
      } catch (IOException | RuntimeException again) {
        e.addSuppressed(again);
        throw new IllegalStateException(
            "neither the new nor the old configuration can run: " + e.getMessage(), e);
      }
      throw e;
    }
  }

  private void run(CollectorConfig next) throws IOException {
    RunningPipelines opened = RunningPipelines.open(next, around);
    try {
      listen(next);
    } catch (IOException | RuntimeException e) {
      opened.deliver(Duration.ZERO);
      opened.close(Duration.ZERO);
      throw e;
    }
    pipelines = opened;
    config = next;
    intakes.forEach((id, intake) -> intake.passTo(opened.intake(id)));
  }

  /** Starts the receivers of a configuration, unless they run, and closes all others. */
  private void listen(CollectorConfig next) throws IOException {
    long limit = memoryLimit(next);
    List<Receiver> leaving = new ArrayList<>(receivers.values());
    Map<String, RunningReceiver.Configured> configured = RunningReceiver.of(next);
    configured.forEach(
        (id, each) -> {
          Receiver running = receivers.get(id);
          if (running != null && running.isOf(each, limit)) {
            leaving.remove(running);
          }
        });
    // Before new ones start, because they may have the same address.
    Together.close(leaving, receiver -> receiver.running.close(Duration.ofSeconds(1)));
    leaving.forEach(
        receiver -> {
          receivers.remove(receiver.id);
          intakes.remove(receiver.id);
        });
    for (Map.Entry<String, RunningReceiver.Configured> each : configured.entrySet()) {
      if (!receivers.containsKey(each.getKey())) {
        start(each.getKey(), each.getValue(), limit);
      }
    }
  }

  private void start(String id, RunningReceiver.Configured each, long limit) throws IOException {
    SwitchedIntake intake = new SwitchedIntake();
    // What the pipelines keep that run at that time.
    RefusedRecords refused =
        (receiver, signal, items, value, refusal, kept) ->
            pipelines.refusedRecords().add(receiver, signal, items, value, refusal, kept);
    RunningReceiver running;
    try {
      running = each.start().with(intake, refused, limit, around.meter());
    } catch (IOException e) {
      throw new IOException("receivers." + id + "." + e.getMessage(), e);
    }
    intakes.put(id, intake);
    receivers.put(id, new Receiver(id, each.settings(), limit, running));
  }

  /** The configuration may lower the limit, but the heap does not allow to raise it. */
  private static long memoryLimit(CollectorConfig config) {
    return config.memoryLimit() == 0 ? 0 : Math.min(config.memoryLimit(), Heap.share(4));
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
  public synchronized void close(Duration drain) {
    if (closed) {
      return;
    }
    closed = true;
    long deadline = System.nanoTime() + drain.toNanos();
    receivers.values().forEach(receiver -> receiver.running.stopAccepting());
    pipelines.deliver(drain.minus(drain.dividedBy(10)));
    Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    Together.close(receivers.values(), receiver -> receiver.running.close(left));
    pipelines.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    around.processed().values().forEach(ProcessedItems::close);
  }

  /** Builds and starts a {@link CollectorServer}. */
  public static final class Builder {
    private final CollectorConfig config;
    private Meter meter = MeterProvider.noop().get("tallyspan");
    private final List<Output> also = new ArrayList<>();
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

    /**
     * Adds an output to every pipeline, in addition to its exporters and to those that were added
     * before. Default: none.
     */
    public Builder also(Output also) {
      this.also.add(requireNonNull(also, "also"));
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
              config,
              new RunningPipelines.Surroundings(
                  meter, List.copyOf(also), metricReaders, lastReading, new ConcurrentHashMap<>()));
      try {
        server.listen(config);
        server.intakes.forEach((id, intake) -> intake.passTo(server.pipelines.intake(id)));
        return server;
      } catch (IOException | RuntimeException e) {
        server.close(Duration.ZERO);
        throw e;
      }
    }
  }
}
