package dev.tallyspan.collector.server;

import dev.tallyspan.collector.queue.log.DurableLog;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongGauge;
import java.util.List;
import java.util.function.LongSupplier;

/** The metrics of the data directory. */
final class StorageMetrics implements AutoCloseable {

  private final List<ObservableLongGauge> gauges;

  StorageMetrics(Meter meter, DurableLog log, DurableLog dead) {
    gauges =
        List.of(
            gauge(meter, "segments", "{file}", "Files of the queue on disk.", log::segmentCount),
            gauge(meter, "used_bytes", "By", "Size of the queue on disk.", log::usedBytes),
            gauge(meter, "max_bytes", "By", "Size at which the queue is full.", log::maxBytes),
            gauge(
                meter,
                "healthy",
                "1",
                "1 if requests can be stored, 0 if not.",
                () -> log.health().ok() ? 1 : 0),
            gauge(
                meter,
                "dead_letters",
                "{request}",
                "Requests, or parts of them, that backends refused permanently.",
                () -> dead.end() - dead.start()),
            gauge(meter, "dead_letter_bytes", "By", "Size of the dead letters.", dead::usedBytes));
  }

  /** From a fast local disk to one that is in trouble. */
  static DoubleHistogram fsyncDuration(Meter meter) {
    return meter
        .histogramBuilder("tallyspan_storage_fsync_duration_seconds")
        .setUnit("s")
        .setDescription("How long the disk took to make a group of requests durable.")
        .setExplicitBucketBoundariesAdvice(
            List.of(0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0))
        .build();
  }

  private static ObservableLongGauge gauge(
      Meter meter, String name, String unit, String description, LongSupplier value) {
    return meter
        .gaugeBuilder("tallyspan_storage_" + name)
        .ofLongs()
        .setUnit(unit)
        .setDescription(description)
        .buildWithCallback(out -> out.record(value.getAsLong()));
  }

  @Override
  public void close() {
    gauges.forEach(ObservableLongGauge::close);
  }
}
