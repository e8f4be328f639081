package dev.tallyspan.sdk;

import dev.tallyspan.enrichment.Enriched;
import dev.tallyspan.enrichment.Enricher;
import dev.tallyspan.semconv.read.Normalizer;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import java.util.function.BiConsumer;

/**
 * Reads a span that is about to end, and adds the GenAI attributes and the cost. Never throws: a
 * span that cannot be read is not changed, and is counted.
 */
final class SpanEnricher {

  private static final String GEN_AI_USAGE_COST = "gen_ai.usage.cost";

  private final Enricher enricher;
  private final boolean genAiUsageCost;
  private final Faults faults;

  /**
   * @param enricher called for each LLM span; may block while prices are read
   */
  SpanEnricher(Enricher enricher, boolean genAiUsageCost, Faults faults) {
    this.enricher = enricher;
    this.genAiUsageCost = genAiUsageCost;
    this.faults = faults;
  }

  void enrich(ReadWriteSpan span) {
    try {
      Attributes attributes = span.getAttributes();
      if (LlmKeys.areAmong(attributes)) {
        enrich(new SdkSpanView(span, attributes), span);
      }
    } catch (Throwable t) {
      faults.spanFailed(t);
    }
  }

  private void enrich(SdkSpanView span, ReadWriteSpan to) {
    Enriched enriched = enricher.request().enrich(span);
    if (enriched == null || enriched.llm().alreadyProcessed()) {
      return;
    }
    LlmSpan llm = enriched.llm();
    Cost cost = enriched.cost();
    SdkSpanEdits edits = new SdkSpanEdits();
    // The cost comes first, in case the span reaches its attribute limit.
    boolean alsoGenAiUsageCost = genAiUsageCost && span.attributes().get(GEN_AI_USAGE_COST) == null;
    cost.render(edits, alsoGenAiUsageCost);
    enricher.normalizer().render(llm, span, edits, cost.status());
    boolean complete = edits.applyTo(to);
    if (!complete) {
      faults.attributesLost();
    }
    llm.faults().forEach(faults::dialectFailed);
  }

  /** Looks for a key that only LLM spans have. This is the only work for other spans. */
  private static final class LlmKeys implements BiConsumer<AttributeKey<?>, Object> {

    private boolean found;

    static boolean areAmong(Attributes attributes) {
      LlmKeys keys = new LlmKeys();
      attributes.forEach(keys);
      return keys.found;
    }

    @Override
    public void accept(AttributeKey<?> key, Object value) {
      found = found || Normalizer.isLlmKey(key.getKey());
    }
  }
}
