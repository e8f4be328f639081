package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The total cost of one operation: the price of the call, the prices of usage that is billed with
 * it at other rates, and what is known to be missing. The parts sum to the total exactly.
 * Immutable.
 *
 * <p>If something that costs money has no price, the bill is {@link PriceStatus#PARTIAL}: the sum
 * of the rest is a lower bound.
 */
public final class Bill {
  private final Price price;
  private final List<Price> sides;
  private final List<String> missing;
  private final PriceStatus status;

  private Bill(Builder builder) {
    price = builder.price;
    sides = List.copyOf(builder.sides);
    status = builder.status();
    missing =
        status == PriceStatus.PRICED || status == PriceStatus.FREE ? List.of() : builder.missing();
  }

  /**
   * {@return a bill of one price}
   *
   * @param price the price
   */
  public static Bill of(Price price) {
    return builder(price).build();
  }

  /**
   * {@return a builder for a bill that starts with the price of the call itself}
   *
   * @param price the price
   */
  public static Builder builder(Price price) {
    return new Builder(price);
  }

  /** {@return the price of the call itself} */
  public Price price() {
    return price;
  }

  /**
   * {@return the prices of usage that is billed in addition to the call, in the order they were
   * added}
   */
  public List<Price> sides() {
    return sides;
  }

  /** {@return how complete the bill is} */
  public PriceStatus status() {
    return status;
  }

  /**
   * {@return what has no price, or why the bill is a lower bound} Empty if the bill is complete.
   */
  public List<String> missing() {
    return missing;
  }

  /** {@return the currency of all amounts, as an ISO 4217 code} */
  public String currency() {
    return price.currency();
  }

  /** {@return the exact total: null if unpriced, a lower bound if partial} */
  public @Nullable BigDecimal total() {
    if (sides.isEmpty()) {
      return price.total();
    }
    BigDecimal total = price.total();
    for (Price side : sides) {
      total = sum(total, side.total());
    }
    return total;
  }

  /** {@return the double nearest to {@link #total()}; NaN if unpriced} */
  public double totalAsDouble() {
    if (sides.isEmpty()) {
      return price.totalAsDouble();
    }
    BigDecimal total = total();
    return total == null ? Double.NaN : total.doubleValue();
  }

  /**
   * {@return the sum of a part over all prices, or null if none has it}
   *
   * @param part the part
   */
  public @Nullable BigDecimal part(CostPart part) {
    BigDecimal sum = price.part(part);
    for (Price side : sides) {
      sum = sum(sum, side.part(part));
    }
    return sum;
  }

  /**
   * {@return the double nearest to {@link #part}; NaN if no price has it}
   *
   * @param part the part
   */
  public double partAsDouble(CostPart part) {
    if (sides.isEmpty()) {
      return price.partAsDouble(part);
    }
    BigDecimal sum = part(part);
    return sum == null ? Double.NaN : sum.doubleValue();
  }

  private static @Nullable BigDecimal sum(@Nullable BigDecimal a, @Nullable BigDecimal b) {
    return a == null ? b : b == null ? a : Rate.plain(a.add(b));
  }

  /** Builds a {@link Bill}. */
  public static final class Builder {
    private final Price price;
    private List<Price> sides = List.of();
    private Set<String> unpriced = Set.of();
    private Set<String> gaps = Set.of();

    Builder(Price price) {
      this.price = Objects.requireNonNull(price, "price");
    }

    /**
     * Adds usage that is billed in addition to the call. If it has no price, or a price in another
     * currency, it is listed as missing.
     *
     * @param what what the usage is for, in one or two words
     * @param side what the usage is of
     * @return this
     */
    public Builder side(String what, Price side) {
      if (side.total() == null) {
        return unpriced(what + ": " + side.reason());
      }
      if (!side.currency().equals(price.currency())) {
        return unpriced(what + ": its price is in " + side.currency());
      }
      if (side.reason() != null) {
        unpriced(what + ": " + side.reason());
      }
      sides = sides.isEmpty() ? new ArrayList<>() : sides;
      sides.add(side);
      return this;
    }

    /**
     * Adds a unit that is billed and that no catalog has a price for.
     *
     * @param unit the unit
     * @return this
     */
    public Builder unpriced(String unit) {
      unpriced = unpriced.isEmpty() ? new LinkedHashSet<>() : unpriced;
      unpriced.add(unit);
      return this;
    }

    /**
     * Adds a reason why the quantities are a lower bound. Has no effect if everything is free.
     *
     * @param reason the reason
     * @return this
     */
    public Builder gap(String reason) {
      gaps = gaps.isEmpty() ? new LinkedHashSet<>() : gaps;
      gaps.add(reason);
      return this;
    }

    /** {@return the bill} */
    public Bill build() {
      return new Bill(this);
    }

    private PriceStatus status() {
      if (sides.isEmpty() && unpriced.isEmpty() && gaps.isEmpty()) {
        return price.status();
      }
      if (price.total() == null && sides.isEmpty()) {
        return PriceStatus.UNPRICED;
      }
      boolean complete = isComplete(price.status()) && unpriced.isEmpty();
      boolean free = price.status() == PriceStatus.FREE;
      for (Price side : sides) {
        complete &= isComplete(side.status());
        free &= side.status() == PriceStatus.FREE;
      }
      if (!complete || !gaps.isEmpty() && !free) {
        return PriceStatus.PARTIAL;
      }
      return free ? PriceStatus.FREE : PriceStatus.PRICED;
    }

    private List<String> missing() {
      List<String> missing = new ArrayList<>(price.missing());
      missing.addAll(unpriced);
      missing.addAll(gaps);
      return List.copyOf(missing);
    }

    private static boolean isComplete(PriceStatus status) {
      return status == PriceStatus.PRICED || status == PriceStatus.FREE;
    }
  }
}
