package dev.tallyspan.collector.exporter;

/** The transports of OTLP that an exporter can speak. */
public enum Protocol {
  GRPC,
  /** Binary protobuf over HTTP/1.1. */
  HTTP_PROTOBUF
}
