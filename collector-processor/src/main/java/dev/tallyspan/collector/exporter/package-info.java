/**
 * Delivers OTLP requests to backends over OTLP/gRPC or OTLP/HTTP, with a bounded queue, batching,
 * retries and throttling for each backend. A request is delivered only when the backend has
 * accepted it; the sender of a request that cannot be delivered is informed.
 */
@NullMarked
package dev.tallyspan.collector.exporter;

import org.jspecify.annotations.NullMarked;
