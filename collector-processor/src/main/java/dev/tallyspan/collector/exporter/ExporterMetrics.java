package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.PerSignal;
import dev.tallyspan.collector.flow.Signal;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongUpDownCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongGauge;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The metrics of an exporter, under the Collector's names. Thread-safe; no method blocks.
 *
 * @see <a href="https://opentelemetry.io/docs/collector/internal-telemetry/">Collector, internal
 *     telemetry</a>
 */
final class ExporterMetrics implements AutoCloseable {
  private final Attributes attributes;
  private final PerSignal<LongCounter> sent;
  private final PerSignal<LongCounter> sendFailed;
  private final PerSignal<LongCounter> enqueueFailed;
  private final LongUpDownCounter inFlight;
  private final List<ObservableLongGauge> gauges;

  ExporterMetrics(Meter meter, String exporter, LongSupplier queueSize, long queueCapacity) {
    attributes = Attributes.of(AttributeKey.stringKey("exporter"), exporter);
    sent = counters(meter, "sent", "Delivered to the backend.");
    sendFailed =
        counters(meter, "send_failed", "Rejected by the backend, or given up after retries.");
    enqueueFailed =
        counters(
            meter,
            "enqueue_failed",
            "Refused without an attempt, because the queue is full or closing.");
    // Exported from the start, so that the first failure appears as an increase.
    for (Signal signal : Signal.values()) {
      sent(signal, 0);
      sendFailed(signal, 0);
      enqueueFailed(signal, 0);
    }
    inFlight =
        meter
            .upDownCounterBuilder("otelcol_exporter_in_flight_requests")
            .setDescription("Requests in flight to the backend.")
            .setUnit("{request}")
            .build();
    gauges =
        List.of(
            meter
                .gaugeBuilder("otelcol_exporter_queue_size")
                .ofLongs()
                .setDescription("Size of the queue, in the unit of its sizer.")
                .buildWithCallback(out -> out.record(queueSize.getAsLong(), attributes)),
            meter
                .gaugeBuilder("otelcol_exporter_queue_capacity")
                .ofLongs()
                .setDescription("Capacity of the queue, in the unit of its sizer.")
                .buildWithCallback(out -> out.record(queueCapacity, attributes)));
  }

  private static PerSignal<LongCounter> counters(Meter meter, String name, String description) {
    return PerSignal.of(
        signal ->
            meter
                .counterBuilder("otelcol_exporter_" + name + "_" + signal.items())
                .setDescription(description)
                .setUnit("{" + signal.items() + "}")
                .build());
  }

  void sent(Signal signal, long items) {
    sent.get(signal).add(items, attributes);
  }

  void sendFailed(Signal signal, long items) {
    sendFailed.get(signal).add(items, attributes);
  }

  void enqueueFailed(Signal signal, long items) {
    enqueueFailed.get(signal).add(items, attributes);
  }

  void inFlight(int change) {
    inFlight.add(change, attributes);
  }

  @Override
  public void close() {
    gauges.forEach(ObservableLongGauge::close);
  }
}
