package dev.tallyspan.collector.sampling;

import dev.tallyspan.collector.sampling.TraceFacts.Reason;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts what sampling does. Thread-safe. */
final class SamplingMetrics {

  private static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");

  private final LongCounter kept;
  private final LongCounter droppedTraces;
  private final LongCounter droppedSpans;
  private final Map<Reason, Attributes> reasons = new EnumMap<>(Reason.class);

  SamplingMetrics(Meter meter) {
    kept =
        meter
            .counterBuilder("tallyspan_sampling_kept_traces")
            .setDescription("Traces with LLM spans that were kept, by reason.")
            .setUnit("{trace}")
            .build();
    droppedTraces =
        meter
            .counterBuilder("tallyspan_sampling_dropped_traces")
            .setDescription("Traces with LLM spans that were sampled out.")
            .setUnit("{trace}")
            .build();
    droppedSpans =
        meter
            .counterBuilder("tallyspan_sampling_dropped_spans")
            .setDescription("Spans of traces that were sampled out.")
            .setUnit("{span}")
            .build();
    for (Reason reason : Reason.values()) {
      reasons.put(reason, Attributes.of(REASON, reason.name().toLowerCase(Locale.ROOT)));
    }
    droppedTraces.add(0);
    droppedSpans.add(0);
  }

  void kept(Reason reason) {
    kept.add(1, reasons.getOrDefault(reason, Attributes.empty()));
  }

  void dropped(int spans) {
    droppedTraces.add(1);
    droppedSpans.add(spans);
  }
}
