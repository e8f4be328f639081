package dev.tallyspan.collector.auth;

/** The settings of an extension that authenticates. */
public sealed interface AuthSettings permits BearerSettings, BasicSettings {

  /** The id of the extension: {@code bearertokenauth/gateway}. */
  String id();

  /** Whether receivers can use it. */
  boolean forReceivers();

  /** Whether exporters can use it. */
  boolean forExporters();

  /**
   * Creates the authenticator of receivers.
   *
   * @throws IllegalArgumentException if a file cannot be read or has a line that is not supported
   */
  default Authenticator authenticator() {
    return this instanceof BearerSettings bearer
        ? new BearerTokens(bearer, System::nanoTime)
        : new BasicUsers((BasicSettings) this, System::nanoTime);
  }

  /**
   * Creates the headers of an exporter.
   *
   * @throws IllegalArgumentException if a file cannot be read or has no valid content
   */
  default RequestHeaders headers() {
    return this instanceof BearerSettings bearer
        ? new BearerHeader(bearer, System::nanoTime)
        : new BasicHeader((BasicSettings) this, System::nanoTime);
  }
}
