package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.PerSignal;
import dev.tallyspan.collector.flow.Signal;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;

/**
 * Counts what an exporter without a backend delivers, under the same names as for other exporters.
 * Thread-safe.
 */
public final class SentItems {

  private final Attributes attributes;
  private final PerSignal<LongCounter> sent;
  private final PerSignal<LongCounter> failed;

  /**
   * @param exporter the id
   */
  public SentItems(Meter meter, String exporter) {
    attributes = Attributes.of(AttributeKey.stringKey("exporter"), exporter);
    sent = counters(meter, "sent", "Delivered to the backend.");
    failed = counters(meter, "send_failed", "Rejected by the backend, or given up after retries.");
    for (Signal signal : Signal.values()) {
      sent(signal, 0);
      failed(signal, 0);
    }
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

  public void sent(Signal signal, long items) {
    sent.get(signal).add(items, attributes);
  }

  public void failed(Signal signal, long items) {
    failed.get(signal).add(items, attributes);
  }
}
