package dev.tallyspan.collector.cli;

import dev.tallyspan.pricing.Bill;
import dev.tallyspan.pricing.LineItem;
import dev.tallyspan.pricing.Price;
import java.io.PrintStream;
import java.math.BigDecimal;

/** A price's arithmetic, written so that it can be followed by eye. */
final class BillText {

  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  /** Rates below this are written per million, as price lists do. */
  private static final BigDecimal SMALL = new BigDecimal("0.0005");

  private BillText() {}

  static void print(PrintStream out, String indent, Price price) {
    printItems(out, indent, price);
    printTotal(out, indent, price.total(), price.currency());
  }

  /** Prints the call's own lines, those beside it under the cards that they are priced by. */
  static void print(PrintStream out, String indent, Bill bill) {
    printItems(out, indent, bill.price());
    for (Price side : bill.sides()) {
      out.printf("%sbeside it, card %s%n", indent, side.priceKey());
      printItems(out, indent, side);
    }
    printTotal(out, indent, bill.total(), bill.currency());
  }

  private static void printItems(PrintStream out, String indent, Price price) {
    for (LineItem item : price.items()) {
      out.printf(
          "%s%-18s %12s × %-16s = %s%n",
          indent,
          item.unit().wireName(),
          item.unit().toWire(item.quantity()).toPlainString(),
          rate(item.rate(), price.currency()),
          item.amount().toPlainString());
    }
  }

  private static void printTotal(
      PrintStream out, String indent, BigDecimal total, String currency) {
    if (total != null) {
      out.printf(
          "%s%-18s %12s   %-16s = %s %s%n",
          indent, "total", "", "", total.toPlainString(), currency);
    }
  }

  /** A rate as price lists write it: small ones per million. */
  static String rate(BigDecimal rate, String currency) {
    return rate.compareTo(SMALL) < 0
        ? rate.multiply(MILLION).stripTrailingZeros().toPlainString() + " " + currency + "/M"
        : rate.stripTrailingZeros().toPlainString() + " " + currency;
  }
}
