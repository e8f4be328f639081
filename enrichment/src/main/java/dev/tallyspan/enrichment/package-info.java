/**
 * From a span to what it means and what it cost: the only bridge between the language of spans
 * ({@code dev.tallyspan.semconv}) and that of prices ({@code dev.tallyspan.pricing}).
 */
@NullMarked
package dev.tallyspan.enrichment;

import org.jspecify.annotations.NullMarked;
