/** The output to backends: writes spans as a backend needs them, and passes them to exporters. */
@NullMarked
package dev.tallyspan.collector.output.export;

import org.jspecify.annotations.NullMarked;
