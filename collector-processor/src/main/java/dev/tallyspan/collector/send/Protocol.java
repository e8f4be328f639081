package dev.tallyspan.collector.send;

/** The transports of OTLP that a destination can speak. */
public enum Protocol {
  GRPC,
  /** Binary protobuf over HTTP/1.1. */
  HTTP_PROTOBUF
}
