package dev.tallyspan.collector.config;

import dev.tallyspan.pricing.ExchangeRates;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;

/** Reads {@code currency} of a processor: a currency, and what others are worth in it. */
final class CurrencyRates {

  /** ISO 4217's code for none. */
  private static final String NO_CURRENCY = "XXX";

  private CurrencyRates() {}

  /** Null if costs stay in their own currencies, or the rates cannot be used, which is reported. */
  static ExchangeRates read(Section processor) {
    Section currency = processor.section("currency");
    if (currency == null) {
      return null;
    }
    String to = currency.text("to", null);
    Section rates = currency.section("rates");
    currency.end();
    if (to == null || rates == null || rates.keys().isEmpty()) {
      currency.error("give the currency to convert to, and rates: {to: EUR, rates: {USD: 0.92}}");
      return null;
    }
    ExchangeRates.Builder builder = target(to, currency);
    boolean good = builder != null;
    if (builder == null) {
      builder = ExchangeRates.to(NO_CURRENCY); // the rates' own faults are to be found all the same
    }
    for (String from : rates.keys()) {
      good &= rates.isSection(from) ? dated(from, rates, builder) : plain(from, rates, builder);
    }
    return good ? builder.build() : null;
  }

  private static ExchangeRates.Builder target(String to, Section currency) {
    try {
      return ExchangeRates.to(to);
    } catch (IllegalArgumentException e) {
      currency.error("to", currency.name("to") + ": " + e.getMessage());
      return null;
    }
  }

  private static boolean plain(String from, Section rates, ExchangeRates.Builder builder) {
    BigDecimal rate = decimal(from, rates);
    return rate != null && add(() -> builder.rate(from, rate), from, rates);
  }

  private static boolean dated(String from, Section rates, ExchangeRates.Builder builder) {
    Section days = rates.section(from);
    boolean good = !days.keys().isEmpty();
    if (!good) {
      days.error("give a rate, or rates by the day from which they hold");
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
      section.error(key, section.name(key) + ": " + e.getMessage());
      return false;
    }
  }

  private static LocalDate day(String key, Section days) {
    try {
      return LocalDate.parse(key);
    } catch (DateTimeException e) {
      days.error(key, days.name(key) + ": must be a day such as 2026-07-01");
      return null;
    }
  }

  /** A decimal as it is written, not the nearest double; null, and reported, if it is none. */
  private static BigDecimal decimal(String key, Section section) {
    String text = section.text(key, "");
    if (text.matches("[0-9]{1,12}(\\.[0-9]{1,18})?")) {
      return new BigDecimal(text);
    }
    section.error(key, section.name(key) + ": must be a rate such as 0.92");
    return null;
  }
}
