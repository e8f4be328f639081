/**
 * Adapts spans and log records within the bytes of requests to the interfaces by which {@code
 * semconv} reads and edits them.
 */
@NullMarked
package dev.tallyspan.collector.spans;

import org.jspecify.annotations.NullMarked;
