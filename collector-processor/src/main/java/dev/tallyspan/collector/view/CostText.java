package dev.tallyspan.collector.view;

import java.math.BigDecimal;

/** Costs as cells: an unknown price is said, and never reads as nothing. */
final class CostText {

  /** What a span itself costs; empty if it costs nothing by its nature. */
  static String own(SpanRow row, Glyphs glyphs) {
    CostStatus status = CostStatus.of(row);
    BigDecimal amount = GenAi.cost(row);
    if (status == CostStatus.FREE) {
      return "free";
    }
    if (amount != null) {
      String text = Money.format(GenAi.currency(row), amount, glyphs.unicode());
      return status == CostStatus.PARTIAL ? glyphs.atLeast() + text : text;
    }
    return switch (status) {
      case UNPRICED -> "unpriced";
      case DUPLICATE -> "duplicate";
      default -> "";
    };
  }

  /** The sum of a tally; marked if calls without a price are missing from it. */
  static String sum(Tally tally, Glyphs glyphs) {
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
