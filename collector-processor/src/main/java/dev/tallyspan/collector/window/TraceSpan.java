package dev.tallyspan.collector.window;

import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.pipeline.SpanTotals;
import dev.tallyspan.collector.pipeline.Verdict;
import dev.tallyspan.enrichment.Enriched;
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

  /** Null if there are none to write. */
  @Nullable SpanTotals totals;

  /** The span that bills the call of this one; null if it is this one, or none. */
  @Nullable TraceSpan billedBy;

  TraceSpan(
      TraceId trace,
      long id,
      long parentId,
      long start,
      long end,
      int kind,
      int item,
      @Nullable SpanRecord record) {
    this.trace = trace;
    this.id = id;
    this.parentId = parentId;
    this.start = start;
    this.end = end;
    this.kind = kind;
    this.item = item;
    this.record = record;
    this.facts = record == null ? null : SpanFacts.of(record);
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
    return !forwarded && facts != null && !facts.processed();
  }

  void duplicateOf(TraceSpan bills, Verdict.Rule rule) {
    billedBy = bills;
    String other = bills.nameFrom(trace);
    change(mayChange -> mayChange.enriched().asDuplicateOf(other), rule, other);
  }

  void possibleDuplicateOf(TraceSpan bills, Verdict.Rule rule) {
    String other = bills.nameFrom(trace);
    change(mayChange -> mayChange.enriched().asPossibleDuplicateOf(other), rule, other);
  }

  void aggregate(Verdict.Rule rule) {
    change(mayChange -> mayChange.enriched().asAggregate(), rule, "");
  }

  void call(Verdict.Rule rule) {
    change(mayChange -> mayChange.enriched().asCall(), rule, "");
  }

  /** Takes over what another span of the same call knows in addition. */
  void fillGaps(TraceSpan other, Set<KeyClass> classes) {
    if (record == null || other.record == null || facts == null) {
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

  private void change(Change change, Verdict.Rule rule, String other) {
    if (record == null || facts == null) {
      throw new IllegalStateException("a span that was forwarded, or is not about an LLM");
    }
    record = record.with(change.of(record), new Verdict(rule, other));
    facts = facts.billed(record);
  }

  /** Returns the id of this span, with that of its trace if it is not {@code from}. */
  String nameFrom(TraceId from) {
    String span = HexFormat.of().toHexDigits(id);
    return trace.equals(from) ? span : trace + "/" + span;
  }
}
