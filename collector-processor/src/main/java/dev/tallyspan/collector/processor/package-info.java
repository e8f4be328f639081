/**
 * What is done with the spans and log records of a request: they are shown to {@code semconv} as
 * what they are in their bytes, understood, priced, and rewritten.
 */
package dev.tallyspan.collector.processor;
