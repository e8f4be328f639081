package dev.tallyspan.collector.output.view;

/**
 * The identity of a span in a trace. A span that is sent twice, as OTLP permits, is equal in all
 * three; two different spans that share an id by mistake are not.
 */
record SpanIdentity(String spanId, String name, long startNanos) {

  static SpanIdentity of(SpanRow row) {
    return new SpanIdentity(row.spanId(), row.name(), row.startNanos());
  }
}
