/**
 * The front door: OTLP/gRPC and OTLP/HTTP servers that turn what comes in over the network into one
 * call, {@link dev.tallyspan.collector.flow.Intake#accept}, and its outcome into the protocol's own
 * answer.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/">OTLP 1.11.0</a>
 */
package dev.tallyspan.collector.receiver;
