/** The exporter {@code file}: requests in a file, as OTLP/JSON or protobuf. */
@NullMarked
package dev.tallyspan.collector.output.file;

import org.jspecify.annotations.NullMarked;
