package dev.tallyspan.collector.telemetry;

import org.jspecify.annotations.Nullable;

/** What a {@link TelemetryServer} serves. */
@FunctionalInterface
public interface Pages {

  /**
   * Returns the page at a path; null if there is none. Called on the server's event loop, so it
   * must not block.
   *
   * @param path without a query
   */
  @Nullable Page page(String path);
}
