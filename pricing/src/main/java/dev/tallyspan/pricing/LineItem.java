package dev.tallyspan.pricing;

import java.math.BigDecimal;

/**
 * One line of a bill: so many of a unit at a rate.
 *
 * @param unit what was billed; a unit without a rate of its own keeps its name and has the rate of
 *     the unit it was billed as
 * @param quantity how many, in the smallest parts of the unit (see {@link Unit#scale()})
 * @param rate the price of one wire unit (one token, one second, one search) in the price's
 *     currency, rounded to 18 decimals where it does not end
 * @param amount quantity times rate, exact where the rate ends, else rounded half-even to 18
 *     decimals
 */
public record LineItem(Unit unit, long quantity, BigDecimal rate, BigDecimal amount) {}
