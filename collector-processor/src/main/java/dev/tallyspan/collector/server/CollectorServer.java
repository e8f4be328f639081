package dev.tallyspan.collector.server;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ExporterConfig;
import dev.tallyspan.collector.config.PipelineConfig;
import dev.tallyspan.collector.config.ReceiverConfig;
import dev.tallyspan.collector.exporter.Exporter;
import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.pipeline.Pipeline;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.receiver.OtlpReceiver;
import dev.tallyspan.pricing.PriceCatalog;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A running collector. Starts exporters before receivers and closes them after receivers, so that
 * it accepts only data that it can forward.
 */
public final class CollectorServer implements AutoCloseable {

  private final Catalogs catalogs;
  private final Map<String, Exporter> exporters = new LinkedHashMap<>();
  private final Map<String, OtlpReceiver> receivers = new LinkedHashMap<>();

  private CollectorServer(Catalogs catalogs) {
    this.catalogs = catalogs;
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

  /** Closes within 10 s. */
  @Override
  public void close() {
    close(Duration.ofSeconds(10));
  }

  /**
   * Accepts no more requests, delivers pending ones and answers their senders, all within one
   * deadline. Requests that cannot be delivered in time are refused as {@code UNAVAILABLE}, so that
   * their senders keep them; a tenth of the time is reserved for these answers.
   *
   * @param drain the total time limit, which may be slightly exceeded; zero = do not wait
   */
  public void close(Duration drain) {
    long deadline = System.nanoTime() + drain.toNanos();
    receivers.values().forEach(OtlpReceiver::stopAccepting);
    Duration delivery = drain.minus(drain.dividedBy(10));
    together(exporters.values(), exporter -> exporter.close(delivery));
    Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    together(receivers.values(), receiver -> receiver.close(left));
    catalogs.close();
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

    Builder(CollectorConfig config) {
      this.config = requireNonNull(config, "config");
    }

    /** Records the collector's own metrics. Default: no metrics. */
    public Builder meter(Meter meter) {
      this.meter = requireNonNull(meter, "meter");
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
          new CollectorServer(Catalogs.open(config, meter, InstantSource.system()));
      try {
        Map<String, LlmProcessor> processors = Processors.of(config, server.catalogs, meter);
        for (ExporterConfig exporter : config.exporters()) {
          server.exporters.put(exporter.id(), Exporters.builder(exporter).meter(meter).build());
        }
        for (ReceiverConfig receiver : config.receivers()) {
          OtlpReceiver otlp =
              Receivers.builder(receiver)
                  .intake(intake(receiver, processors, server.exporters))
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

    private Intake intake(
        ReceiverConfig receiver,
        Map<String, LlmProcessor> processors,
        Map<String, Exporter> exporters) {
      Map<Signal, List<Intake>> pipelines = new EnumMap<>(Signal.class);
      for (PipelineConfig pipeline : config.pipelines()) {
        if (pipeline.receivers().contains(receiver.id())) {
          List<Output> outputs = Outputs.of(config, pipeline, processors, exporters);
          outputs.addAll(also);
          pipelines
              .computeIfAbsent(pipeline.signal(), signal -> new ArrayList<>())
              .add(
                  new Pipeline(
                      pipeline.processors().stream().map(processors::get).toList(), outputs));
        }
      }
      return new SignalIntake(pipelines);
    }
  }
}
