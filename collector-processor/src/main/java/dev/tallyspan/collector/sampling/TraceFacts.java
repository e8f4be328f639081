package dev.tallyspan.collector.sampling;

import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.pipeline.SpanTotals;
import dev.tallyspan.collector.wire.SpanOutlines;
import dev.tallyspan.collector.wire.TraceId;
import dev.tallyspan.semconv.Evaluation;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.Slot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the rules need to know about one trace. Not thread-safe. */
final class TraceFacts {

  /** 2^56: one more than the greatest random value. */
  static final long ALL = 1L << 56;

  private final long ofTraceId;
  private long explicit = -1;
  private long lowestThreshold = ALL;
  private int spans;
  private boolean failed;
  private long longest;
  private long tokens;
  private long tokensInTotals;
  private double lowestScore = Double.POSITIVE_INFINITY;
  private final Map<String, Double> costs = new HashMap<>();
  private final Map<String, Double> costsInTotals = new HashMap<>();
  private final Set<String> users = new HashSet<>();
  private final Set<String> tags = new HashSet<>();
  private final Set<String> labels = new HashSet<>();

  /** Whether Tallyspan has sampled the trace before. */
  private boolean sampled;

  TraceFacts(TraceId trace) {
    ofTraceId = trace.low() & (ALL - 1);
  }

  void add(SpanOutlines outlines, int item, @Nullable SpanRecord record) {
    spans++;
    failed |= outlines.isError(item);
    if (record != null || outlines.parentSpanId(item) == 0) {
      long start = outlines.startEpochNanos(item);
      long end = outlines.endEpochNanos(item);
      longest = start > 0 && end > start ? Math.max(longest, end - start) : longest;
    }
    String state = outlines.traceState(item);
    lowestThreshold = Math.min(lowestThreshold, Math.max(0, OtTraceState.threshold(state)));
    explicit = explicit < 0 ? OtTraceState.randomness(state) : explicit;
    if (record != null) {
      add(record);
    }
  }

  private void add(SpanRecord record) {
    failed |= record.llm().errorType() != null;
    if (record.llm().userId() != null) {
      users.add(record.llm().userId());
    }
    List<String> own = record.llm().get(Slot.TAGS);
    if (own != null) {
      tags.addAll(own);
    }
    if (!record.cost().status().isBilled()) {
      return;
    }
    Double total = record.cost().total();
    if (total != null) {
      costs.merge(String.valueOf(record.cost().currency()), total, Double::sum);
    }
    TokenUsage usage = record.llm().usage();
    if (usage != null) {
      tokens += Math.max(0, usage.input()) + Math.max(0, usage.output());
    }
  }

  /** Adds sums of the trace, which may include calls that were forwarded before. */
  void add(SpanTotals.Sums sums) {
    if (sums.currency() != null) {
      costsInTotals.merge(sums.currency(), sums.cost(), Math::max);
    }
    tokensInTotals = Math.max(tokensInTotals, sums.input() + sums.output());
  }

  void add(Evaluation evaluation) {
    if (evaluation.value() != null) {
      lowestScore = Math.min(lowestScore, evaluation.value());
    }
    if (evaluation.label() != null) {
      labels.add(evaluation.label());
      labels.add(evaluation.name() + "=" + evaluation.label());
    }
  }

  void addUser(String user) {
    users.add(user);
  }

  void sampledBefore() {
    sampled = true;
  }

  /** Whether Tallyspan has sampled the trace before, so that it must not do so again. */
  boolean isSampled() {
    return sampled;
  }

  int spans() {
    return spans;
  }

  /** 56 random bits that every sampler of the trace sees. */
  long randomness() {
    return explicit < 0 ? ofTraceId : explicit;
  }

  /** The threshold of the samplers before this one; 0 if all was kept, or it is not known. */
  long lowestThreshold() {
    return lowestThreshold == ALL ? 0 : lowestThreshold;
  }

  /** Returns why a rule keeps the trace; null if none does. */
  @Nullable Reason keptBy(SamplingRules rules) {
    if (rules.errors() && failed) {
      return Reason.ERROR;
    }
    Double most = rules.costAbove();
    if (most != null
        && Stream.of(costs, costsInTotals)
            .flatMap(byCurrency -> byCurrency.values().stream())
            .anyMatch(cost -> cost > most)) {
      return Reason.COST;
    }
    if (rules.tokensAbove() != null && Math.max(tokens, tokensInTotals) > rules.tokensAbove()) {
      return Reason.TOKENS;
    }
    if (rules.slowerThan() != null && longest > rules.slowerThan().toNanos()) {
      return Reason.SLOW;
    }
    if (rules.scoreBelow() != null && lowestScore < rules.scoreBelow()) {
      return Reason.SCORE;
    }
    if (labels.stream().anyMatch(rules.labels()::contains)) {
      return Reason.LABEL;
    }
    if (users.stream().anyMatch(rules.users()::contains)) {
      return Reason.USER;
    }
    return tags.stream().anyMatch(rules.tags()::contains) ? Reason.TAG : null;
  }

  /** Why a trace is kept. */
  enum Reason {
    ERROR,
    COST,
    TOKENS,
    SLOW,
    SCORE,
    LABEL,
    USER,
    TAG,
    SHARE,
    /** Tallyspan has sampled the trace before. */
    SAMPLED_BEFORE
  }
}
