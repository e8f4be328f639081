package dev.tallyspan.collector.queue;

import dev.tallyspan.collector.flow.EpochNanos;
import dev.tallyspan.collector.flow.PerSignal;
import dev.tallyspan.collector.flow.Signal;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.BatchCallback;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.time.InstantSource;
import java.util.List;

/**
 * The metrics of a queue. Thread-safe.
 *
 * <p>All values of an output come from one snapshot, so that in every scrape {@code received +
 * recovered = delivered + dead + lost + queued}.
 */
final class QueueMetrics implements AutoCloseable {

  private static final AttributeKey<String> QUEUE = AttributeKey.stringKey("queue");
  private static final AttributeKey<String> OUTPUT = AttributeKey.stringKey("output");
  private static final AttributeKey<String> STATE = AttributeKey.stringKey("state");
  private static final AttributeKey<String> SIGNAL = AttributeKey.stringKey("signal");

  private final Attributes queue;
  private final List<Lane> lanes;
  private final InstantSource clock;
  private final LongCounter refused;
  private final PerSignal<Attributes> bySignal;
  private final ObservableLongMeasurement items;
  private final ObservableLongMeasurement queuedItems;
  private final ObservableLongMeasurement requests;
  private final ObservableLongMeasurement bytes;
  private final ObservableDoubleMeasurement oldest;
  private final BatchCallback callback;

  QueueMetrics(Meter meter, String mode, List<Lane> lanes, InstantSource clock) {
    this.queue = Attributes.of(QUEUE, mode);
    this.lanes = lanes;
    this.clock = clock;
    bySignal = PerSignal.of(signal -> queue.toBuilder().put(SIGNAL, signal.id()).build());
    refused =
        meter
            .counterBuilder("tallyspan_queue_refused_items")
            .setDescription("Refused because the queue could not store them; the sender was told.")
            .setUnit("{item}")
            .build();
    for (Signal signal : Signal.values()) {
      refused(signal, 0);
    }
    items =
        meter
            .counterBuilder("tallyspan_queue_items")
            .setDescription(
                "What an output received, and what became of it. received + recovered is always"
                    + " delivered + dead + lost + what is queued.")
            .setUnit("{item}")
            .buildObserver();
    queuedItems = gauge(meter, "tallyspan_queue_queued_items", "{item}", "Not settled yet.");
    requests = gauge(meter, "tallyspan_queue_queued_requests", "{request}", "Not settled yet.");
    bytes = gauge(meter, "tallyspan_queue_queued_bytes", "By", "Not settled yet.");
    oldest =
        meter
            .gaugeBuilder("tallyspan_queue_oldest_age_seconds")
            .setDescription("Age of the oldest request that is not settled; 0 if there is none.")
            .setUnit("s")
            .buildObserver();
    callback = meter.batchCallback(this::observe, items, queuedItems, requests, bytes, oldest);
  }

  private static ObservableLongMeasurement gauge(
      Meter meter, String name, String unit, String description) {
    return meter
        .gaugeBuilder(name)
        .ofLongs()
        .setDescription(description)
        .setUnit(unit)
        .buildObserver();
  }

  void refused(Signal signal, int count) {
    refused.add(count, bySignal.get(signal));
  }

  private void observe() {
    long now = EpochNanos.now(clock);
    for (Lane lane : lanes) {
      LaneCounts counts = lane.counts();
      Attributes output = queue.toBuilder().put(OUTPUT, lane.name()).build();
      state("received", counts.received(), output);
      state("recovered", counts.recovered(), output);
      state("delivered", counts.delivered(), output);
      state("dead", counts.dead(), output);
      state("lost", counts.lost(), output);
      queuedItems.record(counts.queuedItems(), output);
      requests.record(counts.queuedRequests(), output);
      bytes.record(counts.queuedBytes(), output);
      long since = counts.oldestEpochNanos();
      oldest.record(since == 0 ? 0 : Math.max(0, now - since) / 1e9, output);
    }
  }

  private void state(String state, long count, Attributes output) {
    items.record(count, output.toBuilder().put(STATE, state).build());
  }

  @Override
  public void close() {
    callback.close();
  }
}
