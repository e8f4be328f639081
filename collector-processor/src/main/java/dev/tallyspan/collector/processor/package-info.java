/**
 * The processor {@code tallyspan}: finds the spans and log records about LLMs in a request, reads
 * them with {@code semconv} and prices them.
 */
@NullMarked
package dev.tallyspan.collector.processor;

import org.jspecify.annotations.NullMarked;
