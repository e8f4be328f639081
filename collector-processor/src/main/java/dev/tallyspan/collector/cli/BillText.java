package dev.tallyspan.collector.cli;

import dev.tallyspan.pricing.Bill;
import dev.tallyspan.pricing.LineItem;
import dev.tallyspan.pricing.Price;
import java.io.PrintStream;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Prints the arithmetic of a price, line by line. */
final class BillText {

  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  /** Rates below this are written per million, as price lists do. */
  private static final BigDecimal SMALL = new BigDecimal("0.0005");

  private BillText() {}

  static void print(PrintStream out, String indent, Price price) {
    printItems(out, indent, price);
    printTotal(out, indent, price.total(), price.currency());
  }

  /** Prints the lines of the call, then the lines of side usage under their own cards. */
  static void print(PrintStream out, String indent, Bill bill) {
    printItems(out, indent, bill.price());
    for (Price side : bill.sides()) {
      out.printf("%sin addition, card %s%n", indent, side.priceKey());
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
      PrintStream out, String indent, @Nullable BigDecimal total, @Nullable String currency) {
    if (total != null) {
      out.printf(
          "%s%-18s %12s   %-16s = %s %s%n",
          indent, "total", "", "", total.toPlainString(), currency);
    }
  }

  /** Returns a rate as price lists write it: small rates per million. */
  static String rate(BigDecimal rate, @Nullable String currency) {
    return rate.compareTo(SMALL) < 0
        ? rate.multiply(MILLION).stripTrailingZeros().toPlainString() + " " + currency + "/M"
        : rate.stripTrailingZeros().toPlainString() + " " + currency;
  }
}
