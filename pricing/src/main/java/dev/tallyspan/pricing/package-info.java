/**
 * What an LLM call costs: a catalog of rate cards, the resolution of model names, exact arithmetic.
 * Depends on nothing but the JDK; knows neither spans nor attributes.
 */
@NullMarked
package dev.tallyspan.pricing;

import org.jspecify.annotations.NullMarked;
