/**
 * Prices LLM calls: a catalog of rate cards, the resolution of model names, exact arithmetic.
 * Depends only on the JDK, and is independent of spans and attributes.
 */
@NullMarked
package dev.tallyspan.pricing;

import org.jspecify.annotations.NullMarked;
