package dev.tallyspan.collector.wire;

import org.jspecify.annotations.Nullable;

/**
 * Decides what to change in everything of a request that can hold content. Called on the thread
 * that calls {@link ContentSplicer#splice}. Arguments are valid only during the call.
 *
 * <p>If a method throws, the span, log record, data point, exemplar, resource or scope that it was
 * called for is removed.
 */
public interface ContentEditor {

  /** What has attributes. */
  enum Place {
    RESOURCE,
    SCOPE,
    SPAN,
    EVENT,
    LINK,
    LOG,
    METRIC,
    DATA_POINT,
    EXEMPLAR
  }

  /** Texts that are not attributes. */
  enum Text {
    SPAN_NAME,
    STATUS_MESSAGE,
    EVENT_NAME,
    LOG_EVENT_NAME,
    SEVERITY_TEXT
  }

  /**
   * A span, log record or data point starts: what follows belongs to it, until the next one starts.
   * Resources and scopes come before their items if the sender wrote them so.
   *
   * @param traceId lowercase hex digits; empty if there is none
   */
  void start(String traceId);

  /**
   * Reads attributes and requests changes. Those of a span come before its events, links and
   * status.
   *
   * <p>An attribute whose key is not valid UTF-8 is removed, unless it is set under the key that
   * {@link WireAttributes#key} returns.
   */
  void attributes(Place place, WireAttributes attributes, ItemEdits edits);

  /**
   * Returns what a text is to be; empty removes it.
   *
   * @param utf8 whether the text is valid UTF-8; if not, it has U+FFFD instead of what is not, and
   *     is replaced by what is returned
   */
  String text(Text text, String value, boolean utf8);

  /**
   * Returns the encoding of what the body of a log record is to be; null if it does not change, an
   * empty array to remove it.
   *
   * @param body a list with the body as its only value
   */
  byte @Nullable [] body(WireValues body);

  /**
   * Called for each span, log record, data point, exemplar, resource or scope that is removed
   * because it is malformed, because it has too many keys and values, or because a method threw.
   * Must not throw.
   */
  void removed(Place place, Throwable cause);
}
