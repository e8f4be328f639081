package dev.tallyspan.collector.output.view;

import dev.tallyspan.semconv.span.Cost;
import java.math.BigDecimal;

/** Costs as cells: an unknown price is shown as such, never as zero. */
final class CostText {

  /** Returns the cost of a span itself; empty if it is not a call. */
  static String own(SpanRow row, Glyphs glyphs) {
    LlmFacts llm = row.llm();
    if (llm.is(Cost.Status.FREE)) {
      return "free";
    }
    BigDecimal amount = llm.amount();
    if (amount != null) {
      String text = Money.format(llm.currency(), amount, glyphs.unicode());
      return llm.is(Cost.Status.PARTIAL) ? glyphs.atLeast() + text : text;
    }
    if (llm.is(Cost.Status.UNPRICED)) {
      return "unpriced";
    }
    return llm.is(Cost.Status.DUPLICATE) ? "duplicate" : "";
  }

  /** Returns a sum; marked if it does not include calls without a price. */
  static String sum(UsageTotals tally, Glyphs glyphs) {
    if (tally.cost.isEmpty()) {
      return tally.unpriced > 0 ? "unpriced" : "";
    }
    String text = tally.cost.format(glyphs.unicode());
    return (tally.partial > 0 ? glyphs.atLeast() : "") + text + (tally.unpriced > 0 ? " +?" : "");
  }

  /** Returns the columns before the decimal point, for alignment; 0 without a point. */
  static int lead(String text) {
    return Math.max(0, text.indexOf('.'));
  }

  private CostText() {}
}
