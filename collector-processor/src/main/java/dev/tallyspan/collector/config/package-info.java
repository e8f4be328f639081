/**
 * The configuration of the collector as records, read from the OpenTelemetry Collector's YAML or
 * from the standard environment variables. Reading reports every fault, each with its line, and
 * opens nothing.
 */
@NullMarked
package dev.tallyspan.collector.config;

import org.jspecify.annotations.NullMarked;
