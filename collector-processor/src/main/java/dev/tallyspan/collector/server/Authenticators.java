package dev.tallyspan.collector.server;

import dev.tallyspan.collector.auth.AuthSettings;
import dev.tallyspan.collector.auth.Authenticator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The authenticators of receivers: one for each extension that a receiver uses. */
final class Authenticators implements AutoCloseable {

  private final Map<String, Authenticator> opened = new LinkedHashMap<>();

  /**
   * Returns the authenticator of an extension, which its receivers share.
   *
   * @throws IllegalArgumentException if a file cannot be read or has a line that is not supported
   */
  Authenticator of(AuthSettings settings) {
    try {
      return opened.computeIfAbsent(settings.id(), id -> settings.authenticator());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("extensions." + settings.id() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    opened.values().forEach(Authenticator::close);
  }
}
