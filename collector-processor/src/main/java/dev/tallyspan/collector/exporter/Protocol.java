package dev.tallyspan.collector.exporter;

/** The OTLP transports that an exporter supports. */
public enum Protocol {
  GRPC,
  /** Binary protobuf over HTTP/1.1. */
  HTTP_PROTOBUF
}
