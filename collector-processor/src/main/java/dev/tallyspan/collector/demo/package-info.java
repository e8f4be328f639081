/**
 * A sample application, instrumented by hand with the OpenTelemetry SDK, and the display of its
 * traces. It sends OTLP to the server like any application, and has no access to prices.
 */
@NullMarked
package dev.tallyspan.collector.demo;

import org.jspecify.annotations.NullMarked;
