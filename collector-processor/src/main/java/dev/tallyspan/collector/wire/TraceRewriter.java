package dev.tallyspan.collector.wire;

import static java.util.Objects.requireNonNull;

import java.util.Objects;

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
public final class TraceRewriter {

  private final KeyPrefixes keys;
  private final KeyPrefixes events;
  private final ThreadLocal<RewritePass> passes;

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
    this.passes = ThreadLocal.withInitial(this::newPass);
  }

  /**
   * Shows {@code editor} the spans of an {@code ExportTraceServiceRequest} and makes its changes.
   *
   * @param request holds the request; must not be written to while the result is in use
   * @throws MalformedRequestException if it is not such a request; then nothing has been changed,
   *     though the editor may have seen spans
   */
  public Rewritten rewrite(byte[] request, int offset, int length, SpanEditor editor)
      throws MalformedRequestException {
    Objects.checkFromIndexSize(offset, length, request.length);
    requireNonNull(editor, "editor");
    try {
      return pass().rewrite(request, offset, length, editor);
    } catch (WireFault e) {
      throw e.relativeTo(offset);
    }
  }

  /**
   * Counts the spans of a request; {@link #rewrite} of the same bytes will not fail if this did
   * not.
   *
   * @throws MalformedRequestException if {@link #rewrite} would throw it
   */
  public int check(byte[] request, int offset, int length) throws MalformedRequestException {
    Objects.checkFromIndexSize(offset, length, request.length);
    try {
      return pass().check(request, offset, length);
    } catch (WireFault e) {
      throw e.relativeTo(offset);
    }
  }

  /** This thread's pass; a fresh one within an editor, which may rewrite another request. */
  private RewritePass pass() {
    RewritePass pass = passes.get();
    return pass.busy() ? newPass() : pass;
  }

  private RewritePass newPass() {
    return new RewritePass(keys, events);
  }
}
