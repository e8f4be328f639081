package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.PipelineConfig;
import dev.tallyspan.collector.exporter.Exporter;
import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.Timer;
import dev.tallyspan.collector.pipeline.Pipeline;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.queue.log.LogEntry;
import dev.tallyspan.collector.window.TraceWindow;
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

  /**
   * The number of requests that are pending at the same time, where traces do not wait for each
   * other and where they do.
   */
  private static final int PENDING = 16;

  private static final int PENDING_IN_WINDOW = 1024;

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
  private final Timer timer = Timer.system("tallyspan-replay-timer");

  /** Null if traces do not wait for each other. */
  private @Nullable TraceWindow window;

  private int pending = PENDING;
  private Semaphore room = new Semaphore(PENDING);

  // Guarded by this.
  private long delivered;
  private long refused;
  private long skipped;
  private @Nullable String reason;

  private final ContentPolicies policies;

  private Replay(Catalogs catalogs, ContentPolicies policies, Exporter exporter) {
    this.catalogs = catalogs;
    this.policies = policies;
    this.exporter = exporter;
  }

  /**
   * @param exporter the id of an exporter in {@code config}
   * @throws IOException if a file that the configuration names cannot be read
   * @throws IllegalArgumentException if the configuration has no such exporter, or a value in it is
   *     not valid
   */
  public static Replay to(String exporter, CollectorConfig config) throws IOException {
    if (config.allExporters().stream().noneMatch(it -> it.id().equals(exporter))) {
      throw new IllegalArgumentException(exporter + ": no exporter has this id");
    }
    if (config.localExporters().stream().anyMatch(it -> it.id().equals(exporter))) {
      throw new IllegalArgumentException(
          exporter + ": writes on this machine; name an exporter that sends to a backend");
    }
    Meter meter = MeterProvider.noop().get("tallyspan");
    Catalogs catalogs = Catalogs.open(config, meter, InstantSource.system());
    Processors processors = Processors.of(config, catalogs, meter);
    Replay replay =
        new Replay(
            catalogs, processors.policies(), Exporters.create(config.anyExporter(exporter), meter));
    Windows windows = new Windows(config, processors, replay.timer, Runnable::run, meter);
    for (PipelineConfig pipeline : config.pipelines()) {
      if (pipeline.exporters().contains(exporter)
          && !replay.pipelines.containsKey(pipeline.signal())) {
        Outputs.Stepped output =
            Outputs.of(
                config,
                pipeline,
                exporter,
                processors,
                replay.exporter,
                /* processed= */ null,
                meter);
        replay.add(pipeline, windows, output, config, processors);
      }
    }
    return replay;
  }

  private void add(
      PipelineConfig pipeline,
      Windows windows,
      Outputs.Stepped output,
      CollectorConfig config,
      Processors processors) {
    TraceWindow traces = windows.replaying(output, pipeline);
    if (traces == null) {
      List<Processor> chain = processors.chain(pipeline, /* first= */ false);
      pipelines.put(pipeline.signal(), new Pipeline(chain, List.of(output.alone())));
      return;
    }
    window = traces;
    pending = PENDING_IN_WINDOW;
    room = new Semaphore(pending);
    pipelines.put(
        pipeline.signal(), new Pipeline(processors.understanding(pipeline), List.of(traces)));
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
    if (!room.tryAcquire()) {
      if (window != null) {
        window.decideNow(); // What it holds may be all that is pending.
      }
      room.acquire();
    }
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
    if (window != null) {
      window.flush();
    }
    room.acquire(pending);
    room.release(pending);
    synchronized (this) {
      return new Result(delivered, refused, skipped, reason);
    }
  }

  @Override
  public void close() {
    exporter.close(Duration.ZERO);
    policies.close(Duration.ofSeconds(10)); // Those of what was delivered.
    timer.close();
    catalogs.close();
  }
}
