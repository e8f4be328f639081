/**
 * OTLP/JSON to protobuf and back, straight between the two encodings and driven by one table of
 * OTLP's messages. Depends on Jackson's streaming parser and on nothing of the pipeline.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding">OTLP, JSON
 *     Protobuf encoding</a>
 */
package dev.tallyspan.collector.json;
