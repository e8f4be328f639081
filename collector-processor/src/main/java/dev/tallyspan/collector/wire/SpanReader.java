package dev.tallyspan.collector.wire;

/** Reads the spans of indexed trace requests. Not thread-safe. */
public final class SpanReader extends ItemReader<WireSpan> {

  @Override
  WireSpan newItem(WireResource resource, WireScope scope) {
    return new WireSpan(resource, scope);
  }
}
