package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.PerSignal;
import dev.tallyspan.collector.flow.Signal;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.LongUpDownCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleGauge;
import io.opentelemetry.api.metrics.ObservableLongGauge;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;

/**
 * The metrics of an exporter, under the Collector's names. An exporter that is built twice, for
 * direct and for queued pipelines, has one instance: counters count what both do, the sizes and
 * capacities of both queues are added up, and the oldest request is that of either. Thread-safe; no
 * method blocks.
 *
 * <p>Every counter that has no attribute but {@code exporter} exists at 0 from the start, so that
 * the first failure appears as an increase. For this reason, {@code send_failed} does not have the
 * attributes {@code error.type} and {@code error.permanent}, which the Collector adds at its {@code
 * detailed} level: a series that appears with the first failure has no increase, and a dashboard
 * that shows the Collector's {@code normal} level would find several series where it expects one.
 * The codes are in a counter of their own, {@code tallyspan_exporter_refusals}.
 *
 * @see <a href="https://opentelemetry.io/docs/collector/internal-telemetry/">Collector, internal
 *     telemetry</a>
 */
final class ExporterMetrics {
  private static final AttributeKey<String> CODE = AttributeKey.stringKey("code");

  /** The Collector's. */
  private static final List<Long> ITEM_BUCKETS =
      List.of(
          10L, 25L, 50L, 75L, 100L, 250L, 500L, 750L, 1000L, 2000L, 3000L, 4000L, 5000L, 6000L,
          7000L, 8000L, 9000L, 10_000L, 20_000L, 30_000L, 50_000L, 100_000L);

  /** The Collector's: the powers of two from 128 bytes to 16 MiB. */
  private static final List<Long> BYTE_BUCKETS =
      LongStream.rangeClosed(7, 24).map(exponent -> 1L << exponent).boxed().toList();

  private final Attributes attributes;
  private final PerSignal<LongCounter> sent;
  private final PerSignal<LongCounter> sendFailed;
  private final PerSignal<LongCounter> enqueueFailed;
  private final LongCounter retries;
  private final LongCounter refusals;
  private final LongHistogram batchItems;
  private final LongHistogram batchBytes;
  private final LongUpDownCounter inFlight;
  private final List<QueueFigures> queues = new CopyOnWriteArrayList<>();
  private final List<Runnable> closeGauges;

  /**
   * @param serves whether the exporter sends a signal
   */
  ExporterMetrics(Meter meter, String exporter, Predicate<Signal> serves) {
    attributes = Attributes.of(AttributeKey.stringKey("exporter"), exporter);
    sent = counters(meter, "sent", "Delivered to the backend.");
    sendFailed =
        counters(meter, "send_failed", "Rejected by the backend, or given up after retries.");
    enqueueFailed =
        counters(
            meter,
            "enqueue_failed",
            "Refused without an attempt, because the queue is full or closing, or the backend is"
                + " known to be down.");
    for (Signal signal : Signal.values()) {
      if (serves.test(signal)) {
        sent(signal, 0);
        sendFailed(signal, 0);
        enqueueFailed(signal, 0);
      }
    }
    retries =
        meter
            .counterBuilder("tallyspan_exporter_retries")
            .setDescription("Attempts that repeat one that failed.")
            .setUnit("{request}")
            .build();
    retries.add(0, attributes);
    refusals =
        meter
            .counterBuilder("tallyspan_exporter_refusals")
            .setDescription(
                "Attempts that failed, by HTTP status or gRPC code; 'connection' if there was no"
                    + " answer.")
            .setUnit("{request}")
            .build();
    batchItems =
        meter
            .histogramBuilder("otelcol_exporter_queue_batch_send_size")
            .ofLongs()
            .setDescription("Items in a request to the backend; retries are not counted again.")
            .setUnit("{item}")
            .setExplicitBucketBoundariesAdvice(ITEM_BUCKETS)
            .build();
    batchBytes =
        meter
            .histogramBuilder("otelcol_exporter_queue_batch_send_size_bytes")
            .ofLongs()
            .setDescription(
                "Bytes in a request to the backend before compression; retries are not counted"
                    + " again.")
            .setUnit("By")
            .setExplicitBucketBoundariesAdvice(BYTE_BUCKETS)
            .build();
    inFlight =
        meter
            .upDownCounterBuilder("otelcol_exporter_in_flight_requests")
            .setDescription("Requests in flight to the backend.")
            .setUnit("{request}")
            .build();
    inFlight(0);
    ObservableLongGauge size =
        meter
            .gaugeBuilder("otelcol_exporter_queue_size")
            .ofLongs()
            .setDescription("Size of the queue, in the unit of its sizer.")
            .buildWithCallback(out -> out.record(sum(QueueFigures::size), attributes));
    ObservableLongGauge capacity =
        meter
            .gaugeBuilder("otelcol_exporter_queue_capacity")
            .ofLongs()
            .setDescription("Capacity of the queue, in the unit of its sizer.")
            .buildWithCallback(out -> out.record(sum(QueueFigures::capacity), attributes));
    ObservableDoubleGauge oldest =
        meter
            .gaugeBuilder("tallyspan_exporter_oldest_request_age_seconds")
            .setDescription("Age of the oldest request that is not settled; 0 if there is none.")
            .setUnit("s")
            .buildWithCallback(out -> out.record(max(QueueFigures::oldestAge), attributes));
    closeGauges = List.of(size::close, capacity::close, oldest::close);
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

  private long sum(ToLongFunction<QueueFigures> figure) {
    return queues.stream().mapToLong(figure).sum();
  }

  private double max(ToDoubleFunction<QueueFigures> figure) {
    return queues.stream().mapToDouble(figure).max().orElse(0);
  }

  /** Reports a queue from now on. */
  void open(QueueFigures queue) {
    queues.add(queue);
  }

  /** Reports a queue no more. After the last one, the gauges end. */
  void close(QueueFigures queue) {
    if (queues.remove(queue) && queues.isEmpty()) {
      closeGauges.forEach(Runnable::run);
    }
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

  /** Counts a batch at its first attempt. */
  void batch(long items, long bytes) {
    batchItems.record(items, attributes);
    batchBytes.record(bytes, attributes);
  }

  void retried() {
    retries.add(1, attributes);
  }

  /**
   * @param code an HTTP status or the name of a gRPC code, so that there are few
   */
  void refused(String code) {
    refusals.add(1, attributes.toBuilder().put(CODE, code).build());
  }

  void inFlight(int change) {
    inFlight.add(change, attributes);
  }
}
