/**
 * Prices LLM calls: a catalog of rate cards, the resolution of model names, exact arithmetic.
 * Depends only on the JDK, and is independent of spans and attributes.
 *
 * <p>Files and URLs that are reloaded are in {@code dev.tallyspan.pricing.live}, the formats of
 * other price tables in {@code dev.tallyspan.pricing.imports}.
 */
@NullMarked
package dev.tallyspan.pricing;

import org.jspecify.annotations.NullMarked;
