/**
 * Tallyspan's own metrics and health: metrics recorded with the OpenTelemetry SDK and exposed in
 * Prometheus' text format, and the liveness and readiness endpoints.
 */
@NullMarked
package dev.tallyspan.collector.telemetry;

import org.jspecify.annotations.NullMarked;
