package dev.tallyspan.sdk;

import dev.tallyspan.enrichment.Enriched;
import dev.tallyspan.enrichment.Enricher;
import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.TallyspanAttributes;
import dev.tallyspan.semconv.read.LogJoin;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a span that is about to end, and adds the GenAI attributes, the cost, what its events and
 * ancestors know about it, and the sums over the spans below it. Never throws: a span that cannot
 * be read is not changed, and is counted.
 */
final class SpanEnricher {

  private static final String GEN_AI_USAGE_COST = "gen_ai.usage.cost";

  private final Enricher enricher;
  private final boolean genAiUsageCost;
  private final LlmKeys keys;
  private final @Nullable LogJoin events;
  private final @Nullable PendingSums pending;
  private final Identity identity;
  private final @Nullable Arrivals arrivals;
  private final Faults faults;

  /**
   * @param enricher called for each LLM span; may block while prices are read
   * @param events messages that were recorded apart from their spans; null if they are not joined
   */
  SpanEnricher(
      Enricher enricher, ExtensionSettings settings, @Nullable LogJoin events, Faults faults) {
    this.enricher = enricher;
    this.genAiUsageCost = settings.genAiUsageCost;
    this.keys = new LlmKeys(enricher.normalizer().markerKeyPrefixes());
    this.events = events;
    this.pending = settings.rollup ? new PendingSums() : null;
    this.identity = new Identity(settings.inherited, settings.fromBaggage);
    this.arrivals = settings.arrivals;
    this.faults = faults;
  }

  boolean isStartRequired() {
    return identity.isNeeded();
  }

  void started(Context parent, ReadWriteSpan span) {
    identity.started(parent, span);
  }

  void ending(ReadWriteSpan span) {
    try {
      if (keys.areAmong(LiveAttributes.of(span))) {
        enrich(new SdkSpanView(span, span.getAttributes()), span);
      } else if (pending != null) {
        passSums(span, pending);
      }
    } catch (Throwable t) {
      faults.spanFailed(t);
    } finally {
      identity.ended(span);
    }
  }

  private void enrich(SdkSpanView span, ReadWriteSpan to) {
    SpanView joined = joined(span);
    Enriched enriched = enricher.request().enrich(joined);
    if (enriched == null) {
      if (pending != null) {
        passSums(to, pending);
      }
      return;
    }
    SdkSpanEdits sums = new SdkSpanEdits();
    if (pending != null) {
      enriched = sum(to, enriched, pending, sums);
    }
    LlmSpan llm = enriched.llm();
    if (llm.alreadyProcessed()) { // by code that knew the cost, or by another instance of this
      sums.applyTo(to);
      return;
    }
    Cost cost = enriched.cost();
    SdkSpanEdits edits = new SdkSpanEdits();
    // The cost comes first, in case the span reaches its attribute limit.
    boolean alsoGenAiUsageCost = genAiUsageCost && span.attributes().get(GEN_AI_USAGE_COST) == null;
    cost.render(edits, alsoGenAiUsageCost);
    sums.addTo(edits);
    identity.addTo(to, span.attributes(), edits);
    enricher.normalizer().render(llm, joined, edits, cost.status());
    boolean complete = edits.applyTo(to);
    if (!complete) {
      faults.attributesLost();
    }
    llm.faults().forEach(faults::dialectFailed);
    if (arrivals != null) {
      arrivals.add(llm);
    }
  }

  private SpanView joined(SdkSpanView span) {
    if (events == null || !events.hasMessages(span.traceId(), span.spanId())) {
      return span;
    }
    SpanView joined = events.join(span);
    events.forget(span.traceId(), span.spanId());
    return joined;
  }

  /**
   * Adds a span to the sums of its parent, and those of its children to the span.
   *
   * @return the span, which may turn out not to be billed
   */
  private Enriched sum(
      ReadWriteSpan span, Enriched enriched, PendingSums pending, SdkSpanEdits edits) {
    SpanSums sums = pending.take(span);
    if (sums == null) {
      sums = new SpanSums();
    }
    String id = span.getSpanContext().getSpanId();
    LlmSpan llm = enriched.llm();
    boolean open = llm.billing() == Billing.CALL && !llm.alreadyProcessed();
    Enriched judged = open ? InnerCall.judge(id, enriched, sums.calls()) : enriched;
    boolean failed = llm.errorType() != null;
    if (failed && sums.rollup.errors() == 0) {
      sums.rollup.addError();
    }
    if (judged.cost().status().isBilled()) {
      sums.rollup.add(judged);
      sums.showCalls(List.of(InnerCall.of(id, judged.llm())));
    } else if (isStep(judged.llm())) {
      sums.showCalls(List.of());
    }
    boolean summed =
        isRoot(span) || isStep(judged.llm()) || judged.llm().billing() == Billing.AGGREGATE;
    if (summed && isWritten(sums, span)) {
      sums.rollup.render(edits);
    }
    leave(span, sums, pending);
    return judged;
  }

  /** Does the same for a span that is not about an LLM, most of which have nothing below them. */
  private void passSums(ReadWriteSpan span, PendingSums pending) {
    SpanSums sums = pending.take(span);
    if (sums == null) {
      return;
    }
    if (isRoot(span) && isWritten(sums, span)) {
      SdkSpanEdits edits = new SdkSpanEdits();
      sums.rollup.render(edits);
      if (!edits.applyTo(span)) {
        faults.attributesLost();
      }
    }
    leave(span, sums, pending);
  }

  /** Whether there is something to write that another instance has not written. */
  private static boolean isWritten(SpanSums sums, ReadableSpan span) {
    return !sums.rollup.isEmpty()
        && span.getAttribute(TallyspanAttributes.TALLYSPAN_ROLLUP_CALLS) == null;
  }

  private void leave(ReadableSpan span, SpanSums sums, PendingSums pending) {
    boolean nothing = sums.rollup.isEmpty() && sums.calls().isEmpty();
    if (!nothing && !pending.leave(span, sums)) {
      faults.sumsLost();
    }
  }

  /** Whether a span is a step of an agent, such as a tool, which contains calls and is none. */
  private static boolean isStep(LlmSpan llm) {
    return llm.billing() != Billing.CALL && !Operations.isCall(llm.operation());
  }

  private static boolean isRoot(ReadableSpan span) {
    SpanContext parent = span.getParentSpanContext();
    return !parent.isValid() || parent.isRemote();
  }
}
