/** The exporter {@code debug}: telemetry as text on the console. */
@NullMarked
package dev.tallyspan.collector.output.debug;

import org.jspecify.annotations.NullMarked;
