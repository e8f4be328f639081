package dev.tallyspan.collector.cli;

import dev.tallyspan.pricing.LineItem;
import dev.tallyspan.pricing.Price;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.List;

/** A price's arithmetic, written so that it can be followed by eye. */
final class BillText {

  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  /** Rates below this are written per million, as price lists do. */
  private static final BigDecimal SMALL = new BigDecimal("0.0005");

  private BillText() {}

  static void print(PrintStream out, String indent, Price price) {
    List<LineItem> items = price.items();
    for (LineItem item : items) {
      out.printf(
          "%s%-18s %12s × %-16s = %s%n",
          indent,
          item.unit().wireName(),
          item.unit().toWire(item.quantity()).toPlainString(),
          rate(item.rate(), price.currency()),
          item.amount().toPlainString());
    }
    if (price.total() != null) {
      out.printf(
          "%s%-18s %12s   %-16s = %s %s%n",
          indent, "total", "", "", price.total().toPlainString(), price.currency());
    }
  }

  /** A rate as price lists write it: small ones per million. */
  static String rate(BigDecimal rate, String currency) {
    return rate.compareTo(SMALL) < 0
        ? rate.multiply(MILLION).stripTrailingZeros().toPlainString() + " " + currency + "/M"
        : rate.stripTrailingZeros().toPlainString() + " " + currency;
  }
}
