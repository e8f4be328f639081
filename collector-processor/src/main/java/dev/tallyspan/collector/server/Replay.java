package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.PipelineConfig;
import dev.tallyspan.collector.exporter.Exporter;
import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Pipeline;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.queue.log.LogEntry;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests of the past to one exporter, through the processors of its pipelines as they are
 * configured now. Used by one thread.
 */
public final class Replay implements AutoCloseable {

  /** The number of requests that are pending at the same time. */
  private static final int PENDING = 16;

  /**
   * What became of the requests.
   *
   * @param delivered items that the backend accepted
   * @param refused items that it did not accept
   * @param skipped items of signals that no pipeline of the exporter takes
   * @param reason the first refusal; null if there is none
   */
  public record Result(long delivered, long refused, long skipped, @Nullable String reason) {}

  private final Catalogs catalogs;
  private final Exporter exporter;
  private final Map<Signal, Intake> pipelines = new EnumMap<>(Signal.class);
  private final Semaphore room = new Semaphore(PENDING);

  // Guarded by this.
  private long delivered;
  private long refused;
  private long skipped;
  private @Nullable String reason;

  private Replay(Catalogs catalogs, Exporter exporter) {
    this.catalogs = catalogs;
    this.exporter = exporter;
  }

  /**
   * @param exporter the id of an exporter in {@code config}
   * @throws IOException if a file that the configuration names cannot be read
   * @throws IllegalArgumentException if the configuration has no such exporter, or a value in it is
   *     not valid
   */
  public static Replay to(String exporter, CollectorConfig config) throws IOException {
    if (config.exporters().stream().noneMatch(it -> it.id().equals(exporter))) {
      throw new IllegalArgumentException(exporter + ": no exporter has this id");
    }
    Meter meter = MeterProvider.noop().get("tallyspan");
    Catalogs catalogs = Catalogs.open(config, meter, InstantSource.system());
    Map<String, LlmProcessor> processors = Processors.of(config, catalogs, meter);
    Replay replay =
        new Replay(catalogs, Exporters.builder(config.exporter(exporter)).meter(meter).build());
    for (PipelineConfig pipeline : config.pipelines()) {
      if (pipeline.exporters().contains(exporter)) {
        replay.pipelines.putIfAbsent(
            pipeline.signal(),
            new Pipeline(
                pipeline.processors().stream().map(processors::get).toList(),
                Outputs.of(
                    config,
                    pipeline,
                    List.of(exporter),
                    processors,
                    Map.of(exporter, replay.exporter),
                    meter)));
      }
    }
    return replay;
  }

  /** Sends a request. Blocks while many are pending. */
  public void send(LogEntry entry) throws InterruptedException {
    Intake pipeline = pipelines.get(entry.signal());
    if (pipeline == null) {
      synchronized (this) {
        skipped += entry.items();
      }
      return;
    }
    room.acquire();
    pipeline.accept(
        new OtlpRequest(
            entry.signal(),
            entry.body(),
            entry.items(),
            new SenderAck(
                outcome -> {
                  settled(entry.items(), outcome);
                  room.release();
                })));
  }

  private synchronized void settled(int items, Outcome outcome) {
    long lost = 0;
    if (outcome instanceof Outcome.Refused why) {
      lost = items;
      reason = reason == null ? why.code() + ": " + why.message() : reason;
    } else if (outcome instanceof Outcome.Partial partial) {
      lost = Math.min(items, partial.rejected());
      reason = reason == null && lost > 0 ? partial.message() : reason;
    }
    refused += lost;
    delivered += items - lost;
  }

  /** Waits until all requests are settled. */
  public Result finish() throws InterruptedException {
    room.acquire(PENDING);
    room.release(PENDING);
    synchronized (this) {
      return new Result(delivered, refused, skipped, reason);
    }
  }

  @Override
  public void close() {
    exporter.close(Duration.ZERO);
    catalogs.close();
  }
}
