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
 * Exchange rates to one target currency, optionally dated. Rates are never looked up or derived:
 * they are neither inverted nor chained. Immutable and thread-safe.
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
   * {@return a builder for rates to a currency}
   *
   * @param currency an ISO 4217 code
   * @throws IllegalArgumentException if the currency is not an ISO 4217 code
   */
  public static Builder to(String currency) {
    return new Builder(currency);
  }

  /** {@return the target currency, as an ISO 4217 code} */
  public String target() {
    return target;
  }

  /**
   * {@return the value of one unit of a currency in the target currency at a time; null if there is
   * no rate for the currency, or the first rate is of a later day}
   *
   * @param at the time
   * @param currency an ISO 4217 code
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

  /** Builds {@link ExchangeRates}. */
  public static final class Builder {
    private final String target;
    private final Map<String, TreeMap<Long, BigDecimal>> rates = new HashMap<>();

    Builder(String target) {
      this.target = checked(target);
    }

    /**
     * Adds a rate that is valid at any time before the first dated rate.
     *
     * @param rate units of the target currency for one of this
     * @param currency an ISO 4217 code
     * @return this
     * @throws IllegalArgumentException if the currency is not an ISO 4217 code or is the target, or
     *     if the rate is not above 0 and at most 1,000,000,000 with at most 15 decimals
     */
    public Builder rate(String currency, BigDecimal rate) {
      return add(currency, Long.MIN_VALUE, rate);
    }

    /**
     * Adds a rate that is valid from midnight UTC of a day until the day of the next rate.
     *
     * @param rate units of the target currency for one of this
     * @param currency an ISO 4217 code
     * @param from the first time that it holds for
     * @return this
     * @throws IllegalArgumentException if the currency is not an ISO 4217 code or is the target, or
     *     if the rate is not above 0 and at most 1,000,000,000 with at most 15 decimals
     */
    public Builder rate(String currency, LocalDate from, BigDecimal rate) {
      return add(currency, from.atStartOfDay(ZoneOffset.UTC).toEpochSecond() / 86_400, rate);
    }

    private Builder add(String currency, long day, BigDecimal rate) {
      String code = checked(currency);
      if (code.equals(target)) {
        throw new IllegalArgumentException(code + " is the target currency");
      }
      if (rate.signum() <= 0 || rate.compareTo(MAX_RATE) > 0 || rate.scale() > MAX_DECIMALS) {
        throw new IllegalArgumentException(
            "a rate must be above 0 and at most " + MAX_RATE + ", with at most 15 decimals");
      }
      rates.computeIfAbsent(code, key -> new TreeMap<>()).put(day, rate);
      return this;
    }

    private static String checked(String currency) {
      try {
        return Currency.getInstance(currency).getCurrencyCode();
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "\"" + currency + "\" is not an ISO 4217 code such as USD", e);
      }
    }

    /**
     * {@return the rates}
     *
     * @throws IllegalArgumentException if there are none
     */
    public ExchangeRates build() {
      if (rates.isEmpty()) {
        throw new IllegalArgumentException("no rates to " + target);
      }
      return new ExchangeRates(this);
    }
  }
}
