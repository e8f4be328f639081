package dev.tallyspan.collector.auth;

import java.util.Map;

/**
 * The headers that prove to a backend who sends.
 *
 * <p>Thread-safe. Exporters ask for the headers before every attempt, on their sending threads.
 */
public interface RequestHeaders {

  /** No headers. */
  RequestHeaders NONE = Map::of;

  /**
   * Returns the headers for the next request, by name in lower case. Does not block, except to read
   * a file of credentials that has changed.
   */
  Map<String, String> headers();
}
