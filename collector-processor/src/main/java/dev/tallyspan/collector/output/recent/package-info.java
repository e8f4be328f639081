/**
 * Keeps recent traces in memory for the viewer, answers queries about them, and writes them as
 * JSON. Knows what was understood of spans, and no protobuf.
 */
@NullMarked
package dev.tallyspan.collector.output.recent;

import org.jspecify.annotations.NullMarked;
