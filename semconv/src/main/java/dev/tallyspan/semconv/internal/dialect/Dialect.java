package dev.tallyspan.semconv.internal.dialect;

import java.util.List;

/**
 * One way in which LLM spans are written. A dialect is a class of this kind and a row in {@link
 * Dialects}.
 *
 * <p>Most of a dialect is a table of renames. Code is for what a table cannot express: messages to
 * be rebuilt, an operation that depends on the span's kind, a payload with several slots.
 */
public interface Dialect {

  /** The name in {@code tallyspan.dialect} and in configuration. */
  String id();

  /**
   * Prefixes of attribute keys; a span without a key that begins with one of them is not asked
   * about. The bytes of a request are scanned for these.
   */
  List<String> markers();

  /**
   * Prefixes of the names of events; a span with such an event is asked about as well, whatever its
   * attributes. For dialects that have all their data in events.
   */
  default List<String> eventMarkers() {
    return List.of();
  }

  /**
   * Whether the input count of its spans holds cache tokens, where nothing on a span proves it.
   * Default not known.
   */
  default CacheCounts cacheCounts() {
    return CacheCounts.UNKNOWN;
  }

  /**
   * Whether its emitter writes to the cache for five minutes and for an hour, by turns, so that
   * writes of unknown lifetime may be of either. Default no.
   */
  default boolean mixesCacheLifetimes() {
    return false;
  }

  /**
   * The names of log records that describe a whole call, tokens included; default none. Coding
   * agents log each call so, and may send no spans at all.
   */
  default List<String> logEvents() {
    return List.of();
  }

  /** Whether a record with one of the names in {@link #logEvents} describes a call; default yes. */
  default boolean describesCall(LogEvent event) {
    return true;
  }

  /** Whether the span, which has a marker, is written in this dialect. */
  boolean recognises(IndexedSpan span);

  /**
   * Whether the keys of its renames mean the same on every LLM span, so that they are read whether
   * the dialect is recognised or not.
   */
  default boolean isUniversal() {
    return false;
  }

  /** Whether {@link #read} is asked on every LLM span, whether the dialect is recognised or not. */
  default boolean readsEverySpan() {
    return false;
  }

  /** Keys and the slots they fill, strongest first where several fill one; applied before read. */
  default List<Rename<?>> renames() {
    return List.of();
  }

  /** Fills slots that the renames cannot. What fails here leaves what was filled before. */
  default void read(IndexedSpan span, Draft out) {}
}
