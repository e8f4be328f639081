package dev.tallyspan.collector.output.view;

import dev.tallyspan.semconv.span.Cost;
import java.math.BigDecimal;

/** Costs as cells: an unknown price is said, and never reads as nothing. */
final class CostText {

  /** What a span itself costs; empty if it costs nothing by its nature. */
  static String own(SpanRow row, Glyphs glyphs) {
    LlmFacts llm = row.llm();
    if (llm.is(Cost.Status.FREE)) {
      return "free";
    }
    BigDecimal amount = llm.amount();
    if (amount != null) {
      String text = Money.format(llm.cost().currency(), amount, glyphs.unicode());
      return llm.is(Cost.Status.PARTIAL) ? glyphs.atLeast() + text : text;
    }
    if (llm.is(Cost.Status.UNPRICED)) {
      return "unpriced";
    }
    return llm.is(Cost.Status.DUPLICATE) ? "duplicate" : "";
  }

  /** The sum of a tally; marked if calls without a price are missing from it. */
  static String sum(UsageTotals tally, Glyphs glyphs) {
    if (tally.cost.isEmpty()) {
      return tally.unpriced > 0 ? "unpriced" : "";
    }
    String text = tally.cost.format(glyphs.unicode());
    return (tally.partial > 0 ? glyphs.atLeast() : "") + text + (tally.unpriced > 0 ? " +?" : "");
  }

  /** The columns before the decimal point, by which amounts are lined up; 0 without a point. */
  static int lead(String text) {
    return Math.max(0, text.indexOf('.'));
  }

  private CostText() {}
}
