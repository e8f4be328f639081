/**
 * Delivers OTLP requests to backends: a bounded queue, batches, retries and throttling per backend,
 * over OTLP/gRPC or OTLP/HTTP. A request counts as delivered when the backend has accepted it, and
 * not before; what cannot be delivered is told to whoever sent it.
 */
package dev.tallyspan.collector.exporter;
