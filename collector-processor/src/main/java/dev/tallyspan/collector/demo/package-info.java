/**
 * A sample application, instrumented by hand with the OpenTelemetry SDK, and what is shown of it.
 * It talks to the server over OTLP as any application would, and knows nothing of prices.
 */
package dev.tallyspan.collector.demo;
