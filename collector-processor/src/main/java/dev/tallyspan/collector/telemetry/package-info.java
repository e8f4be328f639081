/**
 * Tallyspan's own metrics and health: the OpenTelemetry SDK's meters, shown in Prometheus' text
 * format, and the two questions that a supervisor asks.
 */
package dev.tallyspan.collector.telemetry;
