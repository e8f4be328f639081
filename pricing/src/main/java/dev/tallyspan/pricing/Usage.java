package dev.tallyspan.pricing;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/**
 * The billable quantities of one call: disjoint counts, at most one for each {@link Unit}.
 *
 * <p>Disjoint means that no token is in two units: {@link Unit#INPUT} is what is left of the prompt
 * after cached, written, audio, image and video tokens, {@link Unit#OUTPUT} what is left of the
 * completion after reasoning, audio and image tokens. Immutable.
 */
public final class Usage {
  private static final Usage NONE = new Usage(new long[Unit.count()]);

  private final long[] quantities;

  /** One bit for each unit whose quantity is not zero, by ordinal. */
  private final long present;

  private Usage(long[] quantities) {
    this.quantities = quantities;
    long bits = 0;
    for (int i = 0; i < quantities.length; i++) {
      if (quantities[i] != 0) {
        bits |= 1L << i;
      }
    }
    this.present = bits;
  }

  /** Returns the usage of a call that used nothing, or told nothing. */
  public static Usage none() {
    return NONE;
  }

  /**
   * Returns the usage of disjoint counts by the wire names of their units, in the smallest parts of
   * the unit.
   *
   * @throws IllegalArgumentException for a name that is no unit's
   */
  public static Usage of(Map<String, Long> counts) {
    Builder usage = builder();
    counts.forEach(
        (name, count) -> {
          Unit unit = Unit.of(name);
          if (unit == null) {
            throw new IllegalArgumentException("unit=" + name + ": no such unit");
          }
          usage.add(unit, count);
        });
    return usage.build();
  }

  /** Returns a builder in which every quantity is zero. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the quantity of a unit in its smallest parts (see {@link Unit#scale()}), or zero. */
  public long get(Unit unit) {
    return quantities[unit.ordinal()];
  }

  /** Returns whether every quantity is zero. */
  public boolean isEmpty() {
    return present == 0;
  }

  /**
   * Returns the tokens of the whole prompt, cached and written ones included: what context
   * thresholds are compared with. {@link Long#MAX_VALUE} if the sum is larger.
   */
  public long inputTokens() {
    long sum = 0;
    for (long rest = present; rest != 0; rest &= rest - 1) {
      Unit unit = Unit.at(Long.numberOfTrailingZeros(rest));
      if (unit.isInputToken()) {
        sum += quantities[unit.ordinal()];
        if (sum < 0) {
          return Long.MAX_VALUE;
        }
      }
    }
    return sum;
  }

  /** One bit for each unit whose quantity is not zero, by ordinal. */
  long present() {
    return present;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Usage usage && Arrays.equals(quantities, usage.quantities);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(quantities);
  }

  /** For people: {@code input=86 cache_read=1920 output=300}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (long rest = present; rest != 0; rest &= rest - 1) {
      Unit unit = Unit.at(Long.numberOfTrailingZeros(rest));
      if (text.length() > 0) {
        text.append(' ');
      }
      text.append(unit.wireName())
          .append('=')
          .append(unit.toWire(quantities[unit.ordinal()]).toPlainString());
    }
    return text.length() == 0 ? "nothing" : text.toString();
  }

  /** Collects quantities. */
  public static final class Builder {
    private long[] quantities = new long[Unit.count()];

    Builder() {}

    /**
     * Sets the quantity of a unit in its smallest parts (tokens, pieces, milliseconds), replacing
     * an earlier one. A negative quantity is kept and makes the price {@link PriceStatus#UNPRICED}:
     * it is a fault of whoever counted, and no bill can be made from it.
     */
    public Builder set(Unit unit, long quantity) {
      quantities[Objects.requireNonNull(unit, "unit").ordinal()] = quantity;
      return this;
    }

    /** Adds to the quantity of a unit. A sum beyond {@link Long#MAX_VALUE} stays there. */
    public Builder add(Unit unit, long quantity) {
      long sum = quantities[unit.ordinal()] + quantity;
      boolean overflow = quantity > 0 && sum < quantities[unit.ordinal()];
      return set(unit, overflow ? Long.MAX_VALUE : sum);
    }

    /** Returns the usage; the builder may be used on. */
    public Usage build() {
      return new Usage(quantities.clone());
    }
  }
}
