package dev.tallyspan.pricing;

import java.math.BigDecimal;

/**
 * One line of a bill: a quantity of a unit, at a rate.
 *
 * @param unit that is billed. A unit that has no rate of its own is listed under its own name, at
 *     the rate of the more general unit
 * @param quantity in the smallest parts of the unit (see {@link Unit#scale()})
 * @param rate the price of one wire unit (one token, one second, one search) in the price's
 *     currency, rounded to 18 decimals if it is not a finite decimal
 * @param amount quantity times rate; exact if the rate is a finite decimal, otherwise rounded
 *     half-even to 18 decimals
 */
public record LineItem(Unit unit, long quantity, BigDecimal rate, BigDecimal amount) {}
