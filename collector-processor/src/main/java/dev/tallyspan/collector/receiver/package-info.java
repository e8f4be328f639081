/**
 * OTLP/gRPC and OTLP/HTTP servers. They pass each request to {@link
 * dev.tallyspan.collector.flow.Intake#accept} and report its outcome in the response of the
 * protocol.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/">OTLP 1.11.0</a>
 */
@NullMarked
package dev.tallyspan.collector.receiver;

import org.jspecify.annotations.NullMarked;
