package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What units of other currencies are worth in one, as somebody has written down; possibly from a
 * day on. Nothing is looked up or concluded: a currency without a rate has none, and rates are
 * neither inverted nor chained. Immutable, thread-safe.
 */
public final class ExchangeRates {
  private static final BigDecimal MAX_RATE = new BigDecimal("1000000000");
  private static final int MAX_DECIMALS = 15;

  private final String target;
  private final Map<String, TreeMap<Long, BigDecimal>> rates;

  private ExchangeRates(Builder builder) {
    this.target = builder.target;
    this.rates = new HashMap<>();
    builder.rates.forEach((currency, byDay) -> rates.put(currency, new TreeMap<>(byDay)));
  }

  /**
   * Returns a builder for rates to a currency.
   *
   * @throws IllegalArgumentException if it is no ISO 4217 code
   */
  public static Builder to(String currency) {
    return new Builder(currency);
  }

  /** Returns the currency that amounts are converted to. */
  public String target() {
    return target;
  }

  /**
   * Returns what one unit of a currency is worth in the target at a time, or null if that is not
   * known: no rate is given, or the first one holds from a later day on.
   */
  public @Nullable BigDecimal rate(String currency, Instant at) {
    TreeMap<Long, BigDecimal> byDay = rates.get(currency);
    Map.Entry<Long, BigDecimal> rate =
        byDay == null ? null : byDay.floorEntry(Math.floorDiv(at.getEpochSecond(), 86_400L));
    return rate == null ? null : rate.getValue();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ExchangeRates that
        && target.equals(that.target)
        && rates.equals(that.rates);
  }

  @Override
  public int hashCode() {
    return 31 * target.hashCode() + rates.hashCode();
  }

  @Override
  public String toString() {
    return "to " + target + " from " + rates.keySet();
  }

  /** Collects rates. */
  public static final class Builder {
    private final String target;
    private final Map<String, TreeMap<Long, BigDecimal>> rates = new HashMap<>();

    Builder(String target) {
      this.target = checked(target);
    }

    /**
     * Adds a rate that holds at any time, or until the first that is dated.
     *
     * @throws IllegalArgumentException if the currency or rate cannot be
     */
    public Builder rate(String currency, BigDecimal rate) {
      return add(currency, Long.MIN_VALUE, rate);
    }

    /**
     * Adds a rate that holds from midnight UTC of a day until that of the next rate.
     *
     * @throws IllegalArgumentException if the currency or rate cannot be
     */
    public Builder rate(String currency, LocalDate from, BigDecimal rate) {
      return add(currency, from.atStartOfDay(ZoneOffset.UTC).toEpochSecond() / 86_400, rate);
    }

    private Builder add(String currency, long day, BigDecimal rate) {
      String code = checked(currency);
      if (code.equals(target)) {
        throw new IllegalArgumentException(code + " is the currency that is converted to");
      }
      if (rate.signum() <= 0 || rate.compareTo(MAX_RATE) > 0 || rate.scale() > MAX_DECIMALS) {
        throw new IllegalArgumentException(
            "a rate is above 0, at most " + MAX_RATE + ", with at most 15 decimals");
      }
      rates.computeIfAbsent(code, key -> new TreeMap<>()).put(day, rate);
      return this;
    }

    private static String checked(String currency) {
      try {
        return Currency.getInstance(currency).getCurrencyCode();
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "\"" + currency + "\" is no ISO 4217 code such as USD", e);
      }
    }

    /**
     * @throws IllegalArgumentException if there are no rates
     */
    public ExchangeRates build() {
      if (rates.isEmpty()) {
        throw new IllegalArgumentException("no rates to " + target);
      }
      return new ExchangeRates(this);
    }
  }
}
