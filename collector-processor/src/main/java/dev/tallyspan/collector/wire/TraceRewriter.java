package dev.tallyspan.collector.wire;

import static java.util.Objects.requireNonNull;

/**
 * Edits the spans of trace requests in their encoded form. A span with at least one attribute key,
 * or one event name, of the given prefixes is shown to an editor; every other span leaves with the
 * bytes it came with, and so does everything else around the spans, unknown fields included.
 *
 * <p>What is refused: bytes that are not protobuf in the envelopes (request, {@code ResourceSpans},
 * {@code ScopeSpans}), in the fields of any span and in its attributes' keys and values as far as
 * their lengths; and in a span that is shown to the editor, also within values, events, status,
 * resource and scope, to protobuf-java's limit of 100 levels. What is accepted although
 * protobuf-java refuses it: strings that are not valid UTF-8, which stay as they are and read with
 * U+FFFD in place of what is not valid; and anything inside of what is skipped by its length, such
 * as links, or the values of a span that nobody wants to see. A known field of another wire type is
 * an unknown field, as it is for protobuf-java.
 *
 * <p>Thread-safe. Keeps about 20 KB for each thread that uses it, up to some MB after large
 * requests. A result takes, beside the request that it refers to, what was added to it.
 */
public final class TraceRewriter extends RequestRewriter<SpanEditor> {

  private final KeyPrefixes keys;
  private final KeyPrefixes events;

  /** A rewriter that shows spans with an attribute key of {@code keys}. */
  public TraceRewriter(KeyPrefixes keys) {
    this(keys, KeyPrefixes.none());
  }

  /**
   * A rewriter that also shows spans with an event whose name begins with one of {@code events}.
   */
  public TraceRewriter(KeyPrefixes keys, KeyPrefixes events) {
    this.keys = requireNonNull(keys, "keys");
    this.events = requireNonNull(events, "events");
  }

  @Override
  RewritePass<?, SpanEditor> newPass() {
    return new SpanPass(keys, events);
  }
}
