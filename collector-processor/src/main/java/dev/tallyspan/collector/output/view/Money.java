package dev.tallyspan.collector.output.view;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An exact sum of amounts, by currency: amounts in different currencies are never added up. */
final class Money {

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final BigDecimal SMALLEST_PLAIN = new BigDecimal("1e-9");

  private final Map<String, BigDecimal> amounts = new TreeMap<>();

  void add(String currency, BigDecimal amount) {
    amounts.merge(currency, amount, BigDecimal::add);
  }

  void add(Money other) {
    other.amounts.forEach(this::add);
  }

  boolean isEmpty() {
    return amounts.isEmpty();
  }

  /** Returns the amount if it is in one currency; null otherwise. */
  @Nullable BigDecimal single() {
    return amounts.size() == 1 ? amounts.values().iterator().next() : null;
  }

  Map<String, BigDecimal> byCurrency() {
    return amounts;
  }

  /** Returns all amounts in the format of {@link #format}; empty if there are none. */
  String format(boolean unicode) {
    StringJoiner joined = new StringJoiner(" + ");
    amounts.forEach((currency, amount) -> joined.add(format(currency, amount, unicode)));
    return joined.toString();
  }

  /**
   * Returns an amount for users: cents from 100 on, four decimals from 0.1 on, three significant
   * digits below that, and an exponent below 1e-9, so that a small amount is never shown as zero.
   */
  static String format(String currency, BigDecimal amount, boolean unicode) {
    String symbol =
        switch (currency) {
          case "USD" -> "$";
          case "EUR" -> unicode ? "€" : "EUR ";
          case "GBP" -> unicode ? "£" : "GBP ";
          default -> Text.line(currency, 8) + " ";
        };
    return amount.signum() < 0 ? "-" + symbol + digits(amount.negate()) : symbol + digits(amount);
  }

  private static String digits(BigDecimal amount) {
    if (amount.signum() == 0) {
      return "0";
    }
    if (amount.compareTo(HUNDRED) >= 0) {
      return String.format(Locale.ROOT, "%,.2f", amount);
    }
    BigDecimal rounded = amount.round(new MathContext(3, RoundingMode.HALF_EVEN));
    if (rounded.compareTo(SMALLEST_PLAIN) < 0) {
      return String.format(Locale.ROOT, "%.2e", amount);
    }
    return (rounded.scale() < 4 ? amount.setScale(4, RoundingMode.HALF_EVEN) : rounded)
        .toPlainString();
  }
}
