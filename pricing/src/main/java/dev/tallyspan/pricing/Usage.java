package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The billable quantities of one call: disjoint counts by {@link Unit}.
 *
 * <p>Disjoint means that no token is in two units: {@link Unit#INPUT} is the prompt without cached,
 * written, audio, image and video tokens, {@link Unit#OUTPUT} the completion without reasoning,
 * citation, audio, image and video tokens. Immutable.
 */
public final class Usage {
  private static final Usage NONE = new Usage(0, new long[0], List.of());

  /** One bit for each unit whose quantity is not zero, by ordinal. */
  private final long present;

  /** The quantities that are not zero, by ordinal. */
  private final long[] quantities;

  private final List<String> unknownUnits;

  private Usage(long present, long[] quantities, List<String> unknownUnits) {
    this.present = present;
    this.quantities = quantities;
    this.unknownUnits = unknownUnits;
  }

  /** {@return the usage of a call that used nothing, or whose usage is unknown} */
  public static Usage none() {
    return NONE;
  }

  /**
   * Returns usage from counts by name, with the names and units of {@code tallyspan price --usage}:
   * those of {@link ReportedCounts#names()}. {@code input_tokens} and {@code output_tokens} are
   * {@linkplain ReportedCounts.Overlap#INCLUSIVE inclusive}, {@code input} and {@code output} are
   * not; durations are in seconds. Unknown names with a count other than 0 are in {@link
   * #unknownUnits()}.
   *
   * @param counts by name
   * @return the usage
   * @throws IllegalArgumentException if a count is negative, not finite or too large for a long
   */
  public static Usage of(Map<String, ? extends Number> counts) {
    Map<String, BigDecimal> decimals = new LinkedHashMap<>();
    counts.forEach((name, count) -> decimals.put(name, decimal(name, count)));
    return ReportedCounts.disjoint(decimals, ReportedCounts.Overlap.INCLUSIVE);
  }

  private static BigDecimal decimal(String name, Number count) {
    try {
      return new BigDecimal(count.toString());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + "=" + count + ": give a finite number", e);
    }
  }

  /** {@return a builder in which every quantity is zero} */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * {@return the quantity of a unit in its smallest parts (see {@link Unit#scale()}); 0 by default}
   *
   * @param unit the unit
   */
  public long get(Unit unit) {
    long bit = 1L << unit.ordinal();
    return (present & bit) == 0 ? 0 : quantities[Long.bitCount(present & bit - 1)];
  }

  /** {@return whether all quantities are zero, including those of unknown units} */
  public boolean isEmpty() {
    return present == 0 && unknownUnits.isEmpty();
  }

  /**
   * {@return the names of counts that are not a {@link Unit}, in the order they were added} No card
   * can have a price for them, so they make the price partial.
   */
  public List<String> unknownUnits() {
    return unknownUnits;
  }

  /**
   * {@return the tokens of the whole prompt, including cached and written ones; context thresholds
   * are compared with this number} {@link Long#MAX_VALUE} if the sum is larger.
   */
  public long inputTokens() {
    long sum = 0;
    int index = 0;
    for (long rest = present; rest != 0; rest &= rest - 1, index++) {
      if (Unit.at(Long.numberOfTrailingZeros(rest)).isInputToken()) {
        sum += quantities[index];
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

  /** The quantity of the n-th unit that is present, counted from 0. */
  long at(int index) {
    return quantities[index];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Usage usage
        && present == usage.present
        && Arrays.equals(quantities, usage.quantities)
        && unknownUnits.equals(usage.unknownUnits);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Long.hashCode(present) + Arrays.hashCode(quantities))
        + unknownUnits.hashCode();
  }

  /** For display: {@code input=86 cache_read=1920 output=300}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (long rest = present; rest != 0; rest &= rest - 1) {
      Unit unit = Unit.at(Long.numberOfTrailingZeros(rest));
      if (text.length() > 0) {
        text.append(' ');
      }
      text.append(unit.wireName()).append('=').append(unit.toWire(get(unit)).toPlainString());
    }
    for (String unknown : unknownUnits) {
      text.append(text.length() > 0 ? " " : "").append(unknown).append("=?");
    }
    return text.length() == 0 ? "nothing" : text.toString();
  }

  /** Builds {@link Usage}. */
  public static final class Builder {
    private final long[] quantities = new long[Unit.count()];
    private long present;

    /** The units that {@link #addReported} has found to be negative, by ordinal. */
    private long negative;

    private List<String> unknownUnits = List.of();

    Builder() {}

    /**
     * Sets the quantity of a unit in its smallest parts (tokens, pieces, milliseconds), replacing
     * an earlier one. {@link #build()} refuses a negative one.
     *
     * @param unit the unit
     * @param quantity the quantity in the smallest parts of the unit
     * @return this
     */
    public Builder set(Unit unit, long quantity) {
      int index = Objects.requireNonNull(unit, "unit").ordinal();
      quantities[index] = quantity;
      present = quantity == 0 ? present & ~(1L << index) : present | 1L << index;
      return this;
    }

    /**
     * Adds to the quantity of a unit. The sum is at most {@link Long#MAX_VALUE}.
     *
     * @param unit the unit
     * @param quantity the quantity in the smallest parts of the unit
     * @return this
     */
    public Builder add(Unit unit, long quantity) {
      long sum = quantities[unit.ordinal()] + quantity;
      boolean overflow = quantity > 0 && sum < quantities[unit.ordinal()];
      return set(unit, overflow ? Long.MAX_VALUE : sum);
    }

    /**
     * Adds to the quantity of the unit with a wire name. If there is no such unit and the quantity
     * is not zero, the name is kept as {@linkplain Usage#unknownUnits() unknown} and makes the
     * price partial.
     *
     * @param name the wire name of a unit
     * @param quantity the quantity in the smallest parts of the unit
     * @return this
     */
    public Builder add(String name, long quantity) {
      Unit unit = Unit.of(name);
      if (unit == null) {
        return quantity == 0 ? this : addUnknown(name);
      }
      return add(unit, quantity);
    }

    /**
     * Like {@link #add(String, long)}, for a count as its source reports it, which can be wrong: a
     * negative one of a unit is not refused but kept, and makes the price {@link
     * PriceStatus#UNPRICED}.
     *
     * @param name the wire name of a unit
     * @param quantity in its smallest parts
     * @return this
     */
    public Builder addReported(String name, long quantity) {
      Unit unit = quantity < 0 ? Unit.of(name) : null;
      if (unit != null) {
        negative |= 1L << unit.ordinal();
      }
      return add(name, quantity);
    }

    /** Adds the name of a count that is not a unit. */
    Builder addUnknown(String name) {
      if (!unknownUnits.contains(name)) {
        unknownUnits = Stream.concat(unknownUnits.stream(), Stream.of(name)).toList();
      }
      return this;
    }

    /**
     * Returns the usage. The builder can be reused.
     *
     * @return the usage
     * @throws IllegalArgumentException if a quantity is negative
     */
    public Usage build() {
      long[] counted = new long[Long.bitCount(present)];
      int index = 0;
      for (long rest = present; rest != 0; rest &= rest - 1) {
        int unit = Long.numberOfTrailingZeros(rest);
        if (quantities[unit] < 0 && (negative & 1L << unit) == 0) {
          throw new IllegalArgumentException(
              Unit.at(unit).wireName() + "=" + quantities[unit] + ": must not be negative");
        }
        counted[index++] = quantities[unit];
      }
      return new Usage(present, counted, unknownUnits);
    }
  }
}
