/**
 * Reads LLM spans and prices them. The only bridge between spans ({@code dev.tallyspan.semconv})
 * and prices ({@code dev.tallyspan.pricing}).
 */
@NullMarked
package dev.tallyspan.enrichment;

import org.jspecify.annotations.NullMarked;
