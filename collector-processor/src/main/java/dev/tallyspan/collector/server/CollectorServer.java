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
 * A collector at work. Starts exporters before receivers and closes them after, so that nothing is
 * taken that cannot be handed on.
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

  /** The port of the receiver's OTLP/gRPC; -1 if it is off. */
  public int grpcPort(String receiver) {
    return receivers.get(receiver).grpcPort();
  }

  /** The port of the receiver's OTLP/HTTP; -1 if it is off. */
  public int httpPort(String receiver) {
    return receivers.get(receiver).httpPort();
  }

  /** The price catalogs in force, by the id of their processor. */
  public Map<String, PriceCatalog> catalogs() {
    return catalogs.inForce();
  }

  /** Closes within 10 s. */
  @Override
  public void close() {
    close(Duration.ofSeconds(10));
  }

  /**
   * Takes no more requests, delivers those that are here, and answers their senders, all within one
   * deadline. What cannot be delivered in time is refused as {@code UNAVAILABLE}, so that its
   * sender keeps it; a tenth of the time is for these answers.
   *
   * @param drain the longest that all of it takes together, and little more; zero does not wait
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

  /** Closes each on a thread of its own, so that one does not take the time of another. */
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
    private Output also;

    Builder(CollectorConfig config) {
      this.config = requireNonNull(config, "config");
    }

    /** What the collector measures itself with. Default nothing. */
    public Builder meter(Meter meter) {
      this.meter = requireNonNull(meter, "meter");
      return this;
    }

    /** A further output of every pipeline, next to its exporters. Default none. */
    public Builder also(Output also) {
      this.also = requireNonNull(also, "also");
      return this;
    }

    /**
     * Starts it.
     *
     * @throws IOException if an address cannot be listened on
     * @throws IllegalArgumentException if the configuration names what cannot be used
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
          if (also != null) {
            outputs.add(also);
          }
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
