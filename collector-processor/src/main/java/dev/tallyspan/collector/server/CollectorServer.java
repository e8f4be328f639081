package dev.tallyspan.collector.server;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ExporterConfig;
import dev.tallyspan.collector.config.PipelineConfig;
import dev.tallyspan.collector.config.ReceiverConfig;
import dev.tallyspan.collector.otlp.Signal;
import dev.tallyspan.collector.pipeline.Pipeline;
import dev.tallyspan.collector.pipeline.Step;
import dev.tallyspan.collector.receive.Intake;
import dev.tallyspan.collector.receive.OtlpReceiver;
import dev.tallyspan.collector.send.Destination;
import dev.tallyspan.collector.send.FanOut;
import dev.tallyspan.pricing.PriceCatalog;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A collector at work. Starts destinations before receivers and closes them after, so that nothing
 * is taken that cannot be handed on.
 */
public final class CollectorServer implements AutoCloseable {

  private final Catalogs catalogs;
  private final Map<String, Destination> destinations = new LinkedHashMap<>();
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

  /** Closes with a drain of 10 s for receivers, and another for destinations. */
  @Override
  public void close() {
    close(Duration.ofSeconds(10));
  }

  /**
   * Takes no more requests, waits for those in flight, then closes the destinations.
   *
   * @param drain the longest to wait for each receiver and for each destination
   */
  public void close(Duration drain) {
    receivers.values().forEach(receiver -> receiver.close(drain));
    destinations.values().forEach(destination -> destination.close(drain));
    catalogs.close();
  }

  /** Builds and starts a {@link CollectorServer}. */
  public static final class Builder {
    private final CollectorConfig config;
    private Meter meter = MeterProvider.noop().get("tallyspan");
    private Destination kept;

    Builder(CollectorConfig config) {
      this.config = requireNonNull(config, "config");
    }

    /** What the collector measures itself with. Default nothing. */
    public Builder meter(Meter meter) {
      this.meter = requireNonNull(meter, "meter");
      return this;
    }

    /** Gets, beside the exporters, everything that any pipeline lets out. Default nobody. */
    public Builder keep(Destination kept) {
      this.kept = requireNonNull(kept, "kept");
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
        Map<String, Step> steps = Steps.of(config, server.catalogs, meter);
        if (kept != null) {
          server.destinations.put("", kept);
        }
        for (ExporterConfig exporter : config.exporters()) {
          server.destinations.put(exporter.id(), exporter.toDestination().meter(meter).build());
        }
        for (ReceiverConfig receiver : config.receivers()) {
          OtlpReceiver otlp =
              Receivers.builder(receiver)
                  .intake(intake(receiver, steps, server.destinations))
                  .meter(meter)
                  .build();
          server.receivers.put(receiver.id(), otlp);
          otlp.start();
        }
        return server;
      } catch (IOException | RuntimeException e) {
        server.close(Duration.ZERO);
        throw e;
      }
    }

    private Intake intake(
        ReceiverConfig receiver, Map<String, Step> steps, Map<String, Destination> destinations) {
      Map<Signal, List<Intake>> pipelines = new EnumMap<>(Signal.class);
      for (PipelineConfig pipeline : config.pipelines()) {
        if (pipeline.receivers().contains(receiver.id())) {
          List<Destination> to = new ArrayList<>();
          pipeline.exporters().forEach(id -> to.add(destinations.get(id)));
          if (kept != null) {
            to.add(kept);
          }
          pipelines
              .computeIfAbsent(pipeline.signal(), signal -> new ArrayList<>())
              .add(new Pipeline(Steps.chain(pipeline, steps), new FanOut(to)));
        }
      }
      return new SignalIntake(pipelines);
    }
  }
}
