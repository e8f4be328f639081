/**
 * Converts between OTLP/JSON and protobuf, directly from one encoding to the other, driven by one
 * table of OTLP's messages. Depends on Jackson's streaming parser, and not on the pipeline.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding">OTLP, JSON
 *     Protobuf encoding</a>
 */
@NullMarked
package dev.tallyspan.collector.json;

import org.jspecify.annotations.NullMarked;
