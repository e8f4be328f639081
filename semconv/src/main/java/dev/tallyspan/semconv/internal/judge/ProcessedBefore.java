package dev.tallyspan.semconv.internal.judge;

import dev.tallyspan.semconv.TallyspanAttributes;
import dev.tallyspan.semconv.TokenUsage.Semantics;
import dev.tallyspan.semconv.TokenUsage.Source;
import dev.tallyspan.semconv.internal.dialect.Draft;
import dev.tallyspan.semconv.internal.dialect.IndexedSpan;
import dev.tallyspan.semconv.internal.message.Coercion;
import dev.tallyspan.semconv.span.Cost;
import java.util.List;

/**
 * Recognises spans that Tallyspan has already written on. Their counts are inclusive since then; a
 * second decision would find no evidence, or would add the cache tokens again.
 */
final class ProcessedBefore {

  private static final String DIALECT = TallyspanAttributes.TALLYSPAN_DIALECT.getKey();
  private static final String STATUS = TallyspanAttributes.TALLYSPAN_COST_STATUS.getKey();

  private static final String DUPLICATE_OF =
      TallyspanAttributes.TALLYSPAN_COST_DUPLICATE_OF.getKey();

  private ProcessedBefore() {}

  static void check(IndexedSpan span, Draft out) {
    if (!span.has(DIALECT) && !span.has(STATUS)) {
      return;
    }
    List<String> dialects = Coercion.TEXTS.apply(span.get(DIALECT));
    out.alreadyProcessed(dialects == null ? List.of() : dialects, semantics(span), source(span));
    String status = span.text(STATUS);
    if (status != null) {
      out.alreadyBilledAs(status, span.text(DUPLICATE_OF));
    }
    if (status != null && !status.equals(Cost.Status.PROVIDER_REPORTED.wireName())) {
      out.withdrawReportedCost(); // what looks like a reported cost may be the computed one
    }
  }

  private static Semantics semantics(IndexedSpan span) {
    String written = span.text(TallyspanAttributes.TALLYSPAN_USAGE_SEMANTICS.getKey());
    for (Semantics semantics : Semantics.values()) {
      if (semantics.wireName().equals(written)) {
        return semantics;
      }
    }
    return Semantics.NONE;
  }

  private static Source source(IndexedSpan span) {
    String written = span.text(TallyspanAttributes.TALLYSPAN_USAGE_SOURCE.getKey());
    for (Source source : Source.values()) {
      if (source.wireName().equals(written)) {
        return source;
      }
    }
    return Source.REPORTED;
  }
}
