/** Asks {@code pricing} what a span cost, in the words of {@code semconv}. */
package dev.tallyspan.collector.price;
