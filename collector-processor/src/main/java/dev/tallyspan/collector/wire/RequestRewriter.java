package dev.tallyspan.collector.wire;

import static java.util.Objects.requireNonNull;

import java.util.Objects;

/**
 * Edits the items of requests in their encoded form.
 *
 * @param <E> decides what changes on an item
 */
abstract sealed class RequestRewriter<E> permits TraceRewriter, LogRewriter {

  private final ThreadLocal<RewritePass<?, E>> passes = ThreadLocal.withInitial(this::newPass);

  RequestRewriter() {}

  /**
   * Shows {@code editor} the items of a request and makes its changes.
   *
   * @param request holds the request; must not be written to while the result is in use
   * @throws MalformedRequestException if it is not such a request; then nothing has been changed,
   *     though the editor may have seen items
   */
  public final Rewritten rewrite(byte[] request, int offset, int length, E editor)
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
   * Counts the items of a request; {@link #rewrite} of the same bytes will not fail if this did
   * not.
   *
   * @throws MalformedRequestException if {@link #rewrite} would throw it
   */
  public final int check(byte[] request, int offset, int length) throws MalformedRequestException {
    Objects.checkFromIndexSize(offset, length, request.length);
    try {
      return pass().check(request, offset, length);
    } catch (WireFault e) {
      throw e.relativeTo(offset);
    }
  }

  abstract RewritePass<?, E> newPass();

  /** This thread's pass; a fresh one within an editor, which may rewrite another request. */
  private RewritePass<?, E> pass() {
    RewritePass<?, E> pass = passes.get();
    return pass.busy() ? newPass() : pass;
  }
}
