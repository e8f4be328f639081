package dev.tallyspan.collector.output.view;

/**
 * What makes two rows the same span of a trace. A span that was sent twice, as OTLP permits, agrees
 * in all three; two different spans that share an id by mistake do not.
 */
record SpanIdentity(String spanId, String name, long startNanos) {

  static SpanIdentity of(SpanRow row) {
    return new SpanIdentity(row.spanId(), row.name(), row.startNanos());
  }
}
