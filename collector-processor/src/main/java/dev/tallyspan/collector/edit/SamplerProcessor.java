package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.edit.SamplerRules.Mode;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.sampling.OtTraceState;
import dev.tallyspan.collector.wire.ItemEditor;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.collector.wire.SpanEdits;
import dev.tallyspan.collector.wire.TraceIndexer;
import dev.tallyspan.collector.wire.TraceSplicer;
import dev.tallyspan.collector.wire.WireSpan;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.BitSet;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Keeps a share of the spans, and writes the threshold into their trace states. */
final class SamplerProcessor implements Processor {

  /*
   * A decision about a span needs only the span, so that all samplers of a trace that know nothing of
   * each other decide alike. Its result is on the span: th, the threshold, and rv, the random number,
   * if it is not the one that the trace id has.
   */

  private static final TraceIndexer SPANS = TraceIndexer.ofAllSpans();
  private static final TraceSplicer TRACES = new TraceSplicer();
  private static final AttributeKey<String> POLICY = AttributeKey.stringKey("policy");
  private static final AttributeKey<Boolean> SAMPLED = AttributeKey.booleanKey("sampled");
  private static final AttributeKey<String> PROCESSOR = AttributeKey.stringKey("processor");
  private static final String PRIORITY = "sampling.priority";
  private static final int TRACE_ID_DIGITS = 32;
  private static final int RANDOM_DIGITS = 14;

  /** A random number that any threshold lets pass, except the one that keeps nothing. */
  private static final long PASSES = Threshold.NEVER - 1;

  private final SamplerRules rules;
  private final EditFaults faults;
  private final LongCounter sampled;

  SamplerProcessor(SamplerRules rules, EditFaults faults, Meter meter) {
    this.rules = rules;
    this.faults = faults;
    sampled =
        meter
            .counterBuilder("otelcol_processor_probabilistic_sampler_count_traces_sampled")
            .setDescription("Spans that were sampled or not, by what decided.")
            .setUnit("{span}")
            .build();
  }

  @Override
  public Batch apply(Batch batch) throws MalformedRequestException {
    if (batch.request().signal() != Signal.TRACES) {
      return batch;
    }
    byte[] bytes = batch.request().bytes().contiguous();
    BitSet kept = new BitSet();
    kept.set(0, batch.request().items());
    Slices edited =
        TRACES.splice(
            SPANS.index(bytes, 0, bytes.length),
            new ItemEditor<WireSpan, SpanEdits>() {
              @Override
              public void edit(int ordinal, WireSpan span, SpanEdits edits) {
                kept.set(ordinal, decide(span, edits));
              }

              @Override
              public void failed(Throwable cause) {
                faults.failed(cause);
              }
            });
    Batch written = edited.contiguous() == bytes ? batch : batch.rewritten(edited);
    return written.only(kept);
  }

  /**
   * What is known about a span before the decision.
   *
   * @param explicit whether the random number must be written
   * @param before the threshold of samplers before this one; -1 = none
   * @param fault whether it cannot be sampled consistently
   */
  private record Known(long random, boolean explicit, long before, boolean fault, String policy) {}

  private boolean decide(WireSpan span, SpanEdits edits) {
    Known known = known(span);
    Boolean priority = priority(span);
    long threshold;
    if (priority != null) {
      threshold = priority ? 0 : Threshold.NEVER;
    } else if (known.fault) {
      threshold = rules.failClosed() ? Threshold.NEVER : 0;
    } else {
      threshold = Threshold.of(rules, known.before);
    }
    boolean keep = threshold <= known.random;
    count(priority == null ? known.policy : "sampling_priority", keep);
    if (keep && !(known.fault && rules.mode() == Mode.HASH_SEED)) {
      // A sampler can only lower the probability that others gave.
      edits.setTraceState(
          OtTraceState.sampled(
              span.traceState(),
              Math.max(threshold, known.before),
              known.explicit ? known.random : -1));
    }
    return keep;
  }

  private Known known(WireSpan span) {
    String state = span.traceState();
    long before = OtTraceState.threshold(state);
    long explicit = OtTraceState.randomness(state);
    String id = span.traceId();
    if (rules.mode() == Mode.HASH_SEED) {
      long random = Threshold.hashed(HexFormat.of().parseHex(id), rules.hashSeed());
      // Spans with these were sampled consistently, which this mode would spoil.
      boolean inUse = before >= 0 || explicit >= 0;
      return new Known(random, !inUse, -1, inUse, "trace_id_hash");
    }
    if (explicit < 0 && (id.length() != TRACE_ID_DIGITS || id.matches("0*"))) {
      return new Known(PASSES, false, -1, true, "missing_randomness");
    }
    long random =
        explicit >= 0
            ? explicit
            : Long.parseLong(id.substring(TRACE_ID_DIGITS - RANDOM_DIGITS), 16);
    boolean contradiction = before > random;
    return new Known(
        random,
        false,
        contradiction ? -1 : before,
        contradiction,
        explicit >= 0 ? "sampling_randomness" : "trace_id_w3c");
  }

  /** Whether the span must be kept, or must not be; null if it does not say. */
  private static @Nullable Boolean priority(WireSpan span) {
    Value<?> value = ItemFields.attribute(span.attributes(), PRIORITY);
    Value<?> number = value == null ? null : Conversion.toDouble(value);
    if (value == null || value.getValue() instanceof Boolean || number == null) {
      return null;
    }
    double priority = (Double) number.getValue();
    return priority == 0 ? Boolean.FALSE : priority > 0 ? Boolean.TRUE : null;
  }

  private void count(String policy, boolean keep) {
    sampled.add(1, Attributes.of(PROCESSOR, faults.processor(), POLICY, policy, SAMPLED, keep));
  }
}
