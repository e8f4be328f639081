package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Signal;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongUpDownCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongGauge;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What an exporter counts, under the Collector's names.
 *
 * @see <a href="https://opentelemetry.io/docs/collector/internal-telemetry/">Collector, internal
 *     telemetry</a>
 */
final class ExporterMetrics implements AutoCloseable {
  private final Attributes attributes;
  private final Map<Signal, LongCounter> sent = new EnumMap<>(Signal.class);
  private final Map<Signal, LongCounter> sendFailed = new EnumMap<>(Signal.class);
  private final Map<Signal, LongCounter> enqueueFailed = new EnumMap<>(Signal.class);
  private final LongUpDownCounter inFlight;
  private final List<ObservableLongGauge> gauges;

  ExporterMetrics(Meter meter, String exporter, LongSupplier queueSize, long queueCapacity) {
    attributes = Attributes.of(AttributeKey.stringKey("exporter"), exporter);
    for (Signal signal : Signal.values()) {
      String items = signal.items();
      sent.put(
          signal,
          counter(meter, "otelcol_exporter_sent_" + items, "Delivered to the backend.", items));
      sendFailed.put(
          signal,
          counter(
              meter,
              "otelcol_exporter_send_failed_" + items,
              "Rejected by the backend, or given up after retries.",
              items));
      enqueueFailed.put(
          signal,
          counter(
              meter,
              "otelcol_exporter_enqueue_failed_" + items,
              "Refused for lack of room in the queue, or as too large.",
              items));
    }
    // Present from the start, so that the first failure shows as an increase.
    for (Signal signal : Signal.values()) {
      sent(signal, 0);
      sendFailed(signal, 0);
      enqueueFailed(signal, 0);
    }
    inFlight =
        meter
            .upDownCounterBuilder("otelcol_exporter_in_flight_requests")
            .setDescription("Requests on their way to the backend.")
            .setUnit("{request}")
            .build();
    gauges =
        List.of(
            meter
                .gaugeBuilder("otelcol_exporter_queue_size")
                .ofLongs()
                .setDescription("What the queue holds, in the unit of its sizer.")
                .buildWithCallback(out -> out.record(queueSize.getAsLong(), attributes)),
            meter
                .gaugeBuilder("otelcol_exporter_queue_capacity")
                .ofLongs()
                .setDescription("What the queue can hold, in the unit of its sizer.")
                .buildWithCallback(out -> out.record(queueCapacity, attributes)));
  }

  private static LongCounter counter(Meter meter, String name, String description, String unit) {
    return meter.counterBuilder(name).setDescription(description).setUnit("{" + unit + "}").build();
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
