package dev.tallyspan.collector.window;

import dev.tallyspan.collector.pipeline.Verdict;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.BatchCallback;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The metrics of a window. Thread-safe. */
final class WindowMetrics implements AutoCloseable {

  /**
   * @param traces that are held
   * @param spans that are held
   * @param bytes of the requests with spans that are held
   * @param remembered spans that were forwarded
   */
  record Counts(long traces, long spans, long bytes, long remembered) {}

  private static final AttributeKey<String> OUTPUT = AttributeKey.stringKey("output");
  private static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");
  private static final AttributeKey<String> RULE = AttributeKey.stringKey("rule");

  private final Map<TraceWindow.Reason, Attributes> reasons =
      new EnumMap<>(TraceWindow.Reason.class);
  private final Map<Verdict.Rule, Attributes> rules = new EnumMap<>(Verdict.Rule.class);
  private final Attributes output;
  private final LongCounter decided;
  private final LongCounter late;
  private final LongCounter verdicts;
  private final BatchCallback callback;

  WindowMetrics(Meter meter, String name, Supplier<Counts> counts) {
    output = Attributes.of(OUTPUT, name);
    for (TraceWindow.Reason reason : TraceWindow.Reason.values()) {
      reasons.put(reason, with(REASON, reason.name()));
    }
    for (Verdict.Rule rule : Verdict.Rule.values()) {
      rules.put(rule, with(RULE, rule.name()));
    }
    decided =
        meter
            .counterBuilder("tallyspan_window_decided_traces")
            .setDescription("Traces that were decided, by reason; limit: early, at a limit.")
            .setUnit("{trace}")
            .build();
    late =
        meter
            .counterBuilder("tallyspan_window_late_spans")
            .setDescription("Spans that came after their trace was decided.")
            .setUnit("{span}")
            .build();
    verdicts =
        meter
            .counterBuilder("tallyspan_window_verdicts")
            .setDescription("LLM spans about which the rest of the trace decided, by rule.")
            .setUnit("{span}")
            .build();
    for (Attributes reason : reasons.values()) {
      decided.add(0, reason);
    }
    late.add(0, output);
    ObservableLongMeasurement traces = gauge(meter, "traces", "Traces that are held.", "{trace}");
    ObservableLongMeasurement spans = gauge(meter, "spans", "Spans that are held.", "{span}");
    ObservableLongMeasurement bytes =
        gauge(meter, "bytes", "Memory of the requests with spans that are held, about.", "By");
    ObservableLongMeasurement remembered =
        gauge(meter, "remembered_spans", "Forwarded spans that are remembered.", "{span}");
    callback =
        meter.batchCallback(
            () -> {
              Counts now = counts.get();
              traces.record(now.traces(), output);
              spans.record(now.spans(), output);
              bytes.record(now.bytes(), output);
              remembered.record(now.remembered(), output);
            },
            traces,
            spans,
            bytes,
            remembered);
  }

  private static ObservableLongMeasurement gauge(
      Meter meter, String name, String description, String unit) {
    return meter
        .gaugeBuilder("tallyspan_window_" + name)
        .ofLongs()
        .setDescription(description)
        .setUnit(unit)
        .buildObserver();
  }

  private Attributes with(AttributeKey<String> key, String value) {
    return output.toBuilder().put(key, value.toLowerCase(Locale.ROOT)).build();
  }

  void decided(TraceWindow.Reason reason) {
    decided.add(1, reasons.get(reason));
  }

  void late() {
    late.add(1, output);
  }

  /** Counts what was decided about a span. */
  void note(TraceSpan span) {
    if (span.record != null && span.record.verdict() != null) {
      verdicts.add(1, rules.get(span.record.verdict().rule()));
    }
  }

  @Override
  public void close() {
    callback.close();
  }
}
