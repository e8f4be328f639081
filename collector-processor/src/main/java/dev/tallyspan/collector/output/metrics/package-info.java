/** Metrics of LLM calls, computed from their spans with the OpenTelemetry SDK. */
@NullMarked
package dev.tallyspan.collector.output.metrics;

import org.jspecify.annotations.NullMarked;
