package dev.tallyspan.collector.config;

import dev.tallyspan.pricing.ExchangeRates;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** Reads {@code currency} of a processor: the target currency and the exchange rates. */
final class CurrencyRates {

  /** The ISO 4217 code for no currency. */
  private static final String NO_CURRENCY = "XXX";

  private CurrencyRates() {}

  /** Returns null if costs are not converted, or if the rates have a fault, which is reported. */
  static @Nullable ExchangeRates read(Section processor) {
    Section currency = processor.section("currency");
    if (currency == null) {
      return null;
    }
    String to = currency.text("to");
    Section rates = currency.section("rates");
    currency.end();
    if (to == null || rates == null || rates.keys().isEmpty()) {
      currency.error("set the target currency and rates, such as {to: EUR, rates: {USD: 0.92}}");
      return null;
    }
    ExchangeRates.Builder builder = target(to, currency);
    boolean good = builder != null;
    if (builder == null) {
      builder = ExchangeRates.to(NO_CURRENCY); // faults of the rates are reported too
    }
    for (String from : rates.keys()) {
      good &= rates.isSection(from) ? dated(from, rates, builder) : plain(from, rates, builder);
    }
    return good ? builder.build() : null;
  }

  private static ExchangeRates.@Nullable Builder target(String to, Section currency) {
    try {
      return ExchangeRates.to(to);
    } catch (IllegalArgumentException e) {
      currency.error("to", e);
      return null;
    }
  }

  private static boolean plain(String from, Section rates, ExchangeRates.Builder builder) {
    BigDecimal rate = decimal(from, rates);
    return rate != null && add(() -> builder.rate(from, rate), from, rates);
  }

  private static boolean dated(String from, Section rates, ExchangeRates.Builder builder) {
    Section days = rates.child(from);
    boolean good = !days.keys().isEmpty();
    if (!good) {
      days.error("set a rate, or rates by the date from which they apply");
    }
    for (String day : days.keys()) {
      BigDecimal rate = decimal(day, days);
      LocalDate since = day(day, days);
      good &=
          rate != null && since != null && add(() -> builder.rate(from, since, rate), day, days);
    }
    return good;
  }

  private static boolean add(Runnable addition, String key, Section section) {
    try {
      addition.run();
      return true;
    } catch (IllegalArgumentException e) {
      section.error(key, e);
      return false;
    }
  }

  private static @Nullable LocalDate day(String key, Section days) {
    try {
      return LocalDate.parse(key);
    } catch (DateTimeException e) {
      days.error(key, days.name(key) + ": must be a date such as 2026-07-01");
      return null;
    }
  }

  /** Reads an exact decimal; null if it is not a decimal, which is reported. */
  private static @Nullable BigDecimal decimal(String key, Section section) {
    String text = section.text(key, "");
    if (text.matches("[0-9]{1,12}(\\.[0-9]{1,18})?")) {
      return new BigDecimal(text);
    }
    section.error(key, section.name(key) + ": must be a rate such as 0.92");
    return null;
  }
}
