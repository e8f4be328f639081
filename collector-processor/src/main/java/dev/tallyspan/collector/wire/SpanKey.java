package dev.tallyspan.collector.wire;

/** What identifies a span: its trace, and its id within the trace. */
public record SpanKey(TraceId trace, long span) {

  /** Span ids are random. */
  @Override
  public int hashCode() {
    return Long.hashCode(span) ^ trace.hashCode();
  }
}
