package dev.tallyspan.collector.window;

import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.pipeline.SpanTotals;
import dev.tallyspan.collector.pipeline.Verdict;
import dev.tallyspan.collector.wire.TraceId;
import dev.tallyspan.enrichment.Enriched;
import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.KeyClass;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A span of a trace, about an LLM or not, and what was decided about it. Not thread-safe. */
final class TraceSpan {

  final TraceId trace;
  final long id;

  /** 0 for a root. */
  final long parentId;

  /** Nanoseconds since the epoch; 0 if unknown. */
  final long start;

  final long end;

  /** OTLP's number for the span kind. */
  final int kind;

  /** The position among the spans of the request. */
  final int item;

  /** Null if the span is not about an LLM, or once it has been forwarded. */
  @Nullable SpanRecord record;

  /** Null if the span is not about an LLM. */
  @Nullable SpanFacts facts;

  /** Whether the span has been forwarded, so that nothing about it can change. */
  boolean forwarded;

  /** Whether the span is in a trace that is decided separately, so that it is evidence only. */
  private final boolean elsewhere;

  private final boolean withoutRecord;

  /** Whether the span was sent before, and keeps what was decided then. */
  private boolean decided;

  /** What was decided about the span; null if nothing. */
  @Nullable Verdict verdict;

  /** Null if there are none to write. */
  @Nullable SpanTotals totals;

  TraceSpan(
      TraceId trace,
      long id,
      long parentId,
      long start,
      long end,
      int kind,
      int item,
      @Nullable SpanRecord record) {
    this(
        trace,
        id,
        parentId,
        start,
        end,
        kind,
        item,
        record == null ? null : SpanFacts.of(record),
        /* withoutRecord= */ false);
    this.record = record;
  }

  /**
   * A span that is kept without its record: it is decided about, and cannot be priced.
   *
   * @param facts null if the span is not about an LLM
   */
  TraceSpan(
      TraceId trace,
      long id,
      long parentId,
      long start,
      long end,
      int kind,
      int item,
      @Nullable SpanFacts facts) {
    this(trace, id, parentId, start, end, kind, item, facts, /* withoutRecord= */ true);
  }

  private TraceSpan(
      TraceId trace,
      long id,
      long parentId,
      long start,
      long end,
      int kind,
      int item,
      @Nullable SpanFacts facts,
      boolean withoutRecord) {
    this.trace = trace;
    this.id = id;
    this.parentId = parentId;
    this.start = start;
    this.end = end;
    this.kind = kind;
    this.item = item;
    this.facts = facts;
    this.elsewhere = false;
    this.withoutRecord = withoutRecord;
  }

  private TraceSpan(TraceSpan other) {
    trace = other.trace;
    id = other.id;
    parentId = other.parentId;
    start = other.start;
    end = other.end;
    kind = other.kind;
    item = other.item;
    facts = other.facts;
    forwarded = other.forwarded;
    verdict = other.verdict;
    elsewhere = true;
    withoutRecord = other.withoutRecord;
  }

  /** Returns this span as evidence about other traces. */
  TraceSpan asEvidence() {
    return new TraceSpan(this);
  }

  /** Forgets the content, once the span is forwarded. */
  void forwarded() {
    forwarded = true;
    record = null;
    totals = null;
  }

  /** Takes over what the span says now that more is known. */
  void reread(SpanRecord again) {
    if (again != record) {
      record = again;
      facts = SpanFacts.of(again);
    }
  }

  /** Whether it was decided that the span is an earlier state of one that was sent again. */
  boolean isEarlierState() {
    return verdict != null
        && verdict.rule() == Verdict.Rule.SAME_SPAN
        && facts != null
        && !facts.isCall();
  }

  /** Whether this is the same state of the same span. */
  boolean isSentAgain(TraceSpan before) {
    return id == before.id && id != 0 && start == before.start && end == before.end;
  }

  /** Decides about a span that was sent again as it was decided before. */
  void decideAs(TraceSpan before) {
    Verdict had = before.verdict;
    if (record == null || facts == null || before.facts == null) {
      return;
    }
    Enriched enriched =
        switch (before.facts.billing()) {
          case DUPLICATE ->
              record.enriched().asDuplicateOf(had == null ? nameFrom(trace) : had.other());
          case AGGREGATE -> record.enriched().asAggregate();
          case CALL, NOT_BILLABLE -> record.enriched();
        };
    record = record.with(enriched, new Verdict(Verdict.Rule.RESENT, nameFrom(trace)));
    facts = facts.billed(record);
    verdict = had;
    decided = true;
  }

  /**
   * Returns what the rules need to know.
   *
   * @throws IllegalStateException if the span is not about an LLM
   */
  SpanFacts facts() {
    if (facts == null) {
      throw new IllegalStateException("a span that is not about an LLM");
    }
    return facts;
  }

  /** Whether the span is billed as a call, so far. */
  boolean isCall() {
    return facts != null && facts.isCall();
  }

  /** Whether the rules may still change how the span is billed. */
  boolean isOpen() {
    return !forwarded && !elsewhere && !decided && facts != null;
  }

  /** Whether it is final that the span is billed as it is. */
  boolean isDecided() {
    return forwarded || decided;
  }

  void duplicateOf(TraceSpan bills, Verdict.Rule rule) {
    String other = bills.nameFrom(trace);
    change(mayChange -> mayChange.enriched().asDuplicateOf(other), Billing.DUPLICATE, rule, other);
  }

  /** Has no effect on a span that was processed before: doubts are written once. */
  void possibleDuplicateOf(TraceSpan bills, Verdict.Rule rule) {
    if (facts().processed()) {
      return;
    }
    String other = bills.nameFrom(trace);
    change(
        mayChange -> mayChange.enriched().asPossibleDuplicateOf(other),
        facts().billing(),
        rule,
        other);
  }

  void aggregate(Verdict.Rule rule) {
    change(mayChange -> mayChange.enriched().asAggregate(), Billing.AGGREGATE, rule, "");
  }

  /** Has no effect on a span that was processed before, which is not priced again. */
  void call(Verdict.Rule rule) {
    if (facts().processed()) {
      return;
    }
    change(mayChange -> mayChange.enriched().asCall(), Billing.CALL, rule, "");
  }

  /** Takes over what another span of the same call knows in addition. */
  void fillGaps(TraceSpan other, Set<KeyClass> classes) {
    if (record == null || other.record == null || facts == null || facts.processed()) {
      return;
    }
    Enriched own = record.enriched();
    Enriched filled =
        own.withGapsFilled(other.record.enriched(), classes, "span " + other.nameFrom(trace));
    if (filled != own) {
      record = record.with(filled, record.verdict());
      facts = facts.billed(record);
    }
  }

  private interface Change {
    Enriched of(SpanRecord record);
  }

  private void change(Change change, Billing billing, Verdict.Rule rule, String other) {
    if (withoutRecord && facts != null) {
      verdict = new Verdict(rule, other);
      facts = facts.billed(billing);
      return;
    }
    if (record == null || facts == null) {
      throw new IllegalStateException("a span that was forwarded, or is not about an LLM");
    }
    verdict = new Verdict(rule, other);
    record = record.with(change.of(record), verdict);
    facts = facts.billed(record);
  }

  /** Returns the id of this span, with that of its trace if it is not {@code from}. */
  String nameFrom(TraceId from) {
    String span = HexFormat.of().toHexDigits(id);
    return trace.equals(from) ? span : trace + "/" + span;
  }
}
