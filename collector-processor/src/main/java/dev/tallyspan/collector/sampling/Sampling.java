package dev.tallyspan.collector.sampling;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.SpanChange;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.pipeline.SpanTotals;
import dev.tallyspan.collector.pipeline.TraceStep;
import dev.tallyspan.collector.sampling.TraceFacts.Reason;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.SpanOutlines;
import dev.tallyspan.collector.wire.TraceId;
import dev.tallyspan.semconv.TallyspanAttributes;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out traces with spans about LLMs, except those that a rule keeps and a share of the rest.
 * Thread-safe.
 */
public final class Sampling implements TraceStep {

  /*
   * A trace leaves as a whole or not at all, wherever its spans arrive, so the share is chosen by
   * something that all samplers of a trace see: its 56 random bits, which are the last 56 of the
   * trace id, or those in the trace state. A threshold T keeps the traces with random bits of T and
   * more, so 2^56 / (2^56 - T) traces stand behind each.
   *
   * If a sampler before this one had the threshold U, only bits of U and more arrive. To keep a share
   * of what arrives, the threshold here is U + (1 - share) * (2^56 - U), and the weight of what is
   * kept is that of the sampler before, divided by the share. Services may have sampled one trace
   * with different thresholds, of which the lowest one is U; a span with a higher threshold of its
   * own than the result keeps its own, and its own weight.
   *
   * A trace that a rule keeps has the weight that samplers before this one gave it, or 1. Spans of
   * it that arrive later may not show why it was kept, so the last of these traces are remembered.
   * A share needs no memory.
   *
   * A trace with our own weight on it has been through here. Sampling it again would make the result
   * depend on how many collectors a trace passes, so it stays as it is.
   */

  /** Far more than arrive while the rest of a trace is late; 10 MB. */
  private static final int MOST_REMEMBERED = 1 << 16;

  private final SamplingRules rules;
  private final SamplingMetrics metrics;
  private final EvaluationRecords evaluations;

  /** The traces that rules have kept, the last one at the end. Guarded by itself. */
  private final Map<TraceId, Reason> keptByRule =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<TraceId, Reason> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /**
   * @param meter records how many traces and spans are left out, and why traces are kept
   */
  public Sampling(SamplingRules rules, Meter meter) {
    this(rules, EvaluationRecords.none(), meter);
  }

  /**
   * @param evaluations those that came as log records
   * @param meter as above
   */
  public Sampling(SamplingRules rules, EvaluationRecords evaluations, Meter meter) {
    this.evaluations = requireNonNull(evaluations, "evaluations");
    this.rules = requireNonNull(rules, "rules");
    this.metrics = new SamplingMetrics(meter);
  }

  /** A request with the outlines of its spans; null if it is not looked at. */
  private record Part(Batch batch, @Nullable SpanOutlines outlines) {}

  @Override
  public List<Batch> apply(List<Batch> parts) {
    List<Part> outlined = new ArrayList<>(parts.size());
    Map<TraceId, TraceFacts> traces = new HashMap<>();
    for (Batch batch : parts) {
      SpanOutlines outlines = outlines(batch);
      outlined.add(new Part(batch, outlines));
      if (outlines != null) {
        for (SpanRecord record : batch.records()) {
          TraceId trace = outlines.trace(record.item());
          if (trace != null) {
            traces.computeIfAbsent(trace, TraceFacts::new);
          }
        }
      }
    }
    if (traces.isEmpty()) {
      return parts;
    }
    for (Part part : outlined) {
      if (part.outlines != null) {
        collect(part.batch, part.outlines, traces);
      }
    }
    if (rules.needEvaluations()) {
      traces.forEach((trace, facts) -> evaluations.ofTrace(hex(trace)).forEach(facts::add));
    }
    Map<TraceId, Decision> decisions = new HashMap<>();
    traces.forEach((trace, facts) -> decisions.put(trace, decide(trace, facts)));
    List<Batch> written = new ArrayList<>(parts.size());
    for (Part part : outlined) {
      Batch kept = part.outlines == null ? part.batch : kept(part.batch, part.outlines, decisions);
      if (kept != null) {
        written.add(kept);
      }
    }
    return written;
  }

  private static String hex(TraceId trace) {
    return HexFormat.of().toHexDigits(trace.high()) + HexFormat.of().toHexDigits(trace.low());
  }

  private static @Nullable SpanOutlines outlines(Batch batch) {
    if (batch.request().signal() != Signal.TRACES) {
      return null;
    }
    try {
      return batch.outlines();
    } catch (MalformedRequestException e) {
      return null; // forwarded as it is
    }
  }

  private void collect(Batch batch, SpanOutlines outlines, Map<TraceId, TraceFacts> traces) {
    Map<Integer, SpanRecord> records =
        batch.records().stream().collect(Collectors.toMap(SpanRecord::item, record -> record));
    for (int item = 0; item < outlines.size(); item++) {
      TraceFacts facts = traces.get(outlines.trace(item));
      if (facts != null) {
        facts.add(outlines, item, records.get(item));
      }
    }
    for (SpanTotals totals : batch.totals()) {
      TraceFacts facts = traces.get(outlines.trace(totals.item()));
      if (facts != null) {
        facts.add(totals.sums());
      }
    }
    AttributeFacts.collect(batch, rules, evaluations, traces);
  }

  /**
   * What happens to a trace.
   *
   * @param before the threshold of the samplers before this one
   * @param threshold of the spans that are kept; 0 = those of samplers before this one
   * @param edited whether spans get their weight
   */
  private record Decision(boolean kept, long before, long threshold, boolean edited) {}

  private Decision decide(TraceId trace, TraceFacts facts) {
    if (facts.isSampled()) {
      metrics.kept(Reason.SAMPLED_BEFORE);
      return new Decision(true, 0, 0, false);
    }
    Reason reason = keptByRule(trace, facts);
    if (reason != null) {
      metrics.kept(reason);
      return new Decision(true, 0, 0, true);
    }
    long before = facts.lowestThreshold();
    // Bits below the threshold were not what the samplers before this one chose by.
    long from = facts.randomness() < before ? 0 : before;
    if (facts.randomness() >= threshold(from)) {
      metrics.kept(Reason.SHARE);
      return new Decision(true, before, threshold(before), true);
    }
    metrics.dropped(facts.spans());
    return new Decision(false, 0, 0, false);
  }

  private @Nullable Reason keptByRule(TraceId trace, TraceFacts facts) {
    Reason reason = facts.keptBy(rules);
    synchronized (keptByRule) {
      if (reason == null) {
        return keptByRule.get(trace);
      }
      keptByRule.put(trace, reason);
      return reason;
    }
  }

  private long threshold(long before) {
    return before + Math.round((1 - rules.share()) * (TraceFacts.ALL - before));
  }

  /** Returns what is left of a request; null if that is nothing, which is settled. */
  private @Nullable Batch kept(
      Batch batch, SpanOutlines outlines, Map<TraceId, Decision> decisions) {
    BitSet kept = new BitSet(outlines.size());
    List<SpanChange> changes = new ArrayList<>();
    for (int item = 0; item < outlines.size(); item++) {
      Decision decision = decisions.get(outlines.trace(item));
      if (decision == null || decision.kept) {
        kept.set(item);
      }
      if (decision != null && decision.kept && decision.edited) {
        weigh(outlines, item, decision, changes);
      }
    }
    return batch.changed(outlines.index(), changes).keep(kept);
  }

  private void weigh(SpanOutlines outlines, int item, Decision decision, List<SpanChange> changes) {
    String state = outlines.traceState(item);
    long stated = OtTraceState.threshold(state);
    long own = Math.max(0, stated);
    double weight = weight(own);
    if (decision.threshold > own) {
      // For the same number, the usual case avoids the rounding of the threshold.
      weight = own == decision.before ? weight / rules.share() : weight(decision.threshold);
    }
    if (weight != 1) {
      changes.add(
          SpanChange.ofAttributes(
              item, Attributes.of(TallyspanAttributes.TALLYSPAN_SAMPLING_WEIGHT, weight)));
    }
    if (stated >= 0 && decision.threshold > own) {
      changes.add(
          SpanChange.ofTraceState(item, OtTraceState.withThreshold(state, decision.threshold)));
    }
  }

  private static double weight(long threshold) {
    return (double) TraceFacts.ALL / (TraceFacts.ALL - threshold);
  }
}
