/** Spans and log records within the bytes of requests, as {@code semconv} reads and edits them. */
package dev.tallyspan.collector.spans;
