package dev.tallyspan.collector.auth;

/** The settings of an extension that authenticates. */
public sealed interface AuthSettings permits BearerSettings, BasicSettings, HeadersSettings {

  /** The id of the extension: {@code bearertokenauth/gateway}. */
  String id();

  /** Whether receivers can use it. */
  boolean forReceivers();

  /** Whether exporters can use it. */
  boolean forExporters();

  /** Whether every sender that it lets through has a tenant. */
  boolean givesTenants();

  /**
   * Creates the authenticator of receivers.
   *
   * @throws IllegalStateException if it is not for receivers
   * @throws IllegalArgumentException if a file cannot be read or has a line that is not supported
   */
  default Authenticator authenticator() {
    if (this instanceof BearerSettings bearer) {
      return new BearerTokens(bearer, System::nanoTime);
    }
    if (this instanceof BasicSettings basic) {
      return new BasicUsers(basic, System::nanoTime);
    }
    throw new IllegalStateException(id() + " is not for receivers");
  }

  /**
   * Creates the headers of an exporter with credentials; none for {@link HeadersSettings}.
   *
   * @throws IllegalArgumentException if a file cannot be read or has no valid content
   */
  default RequestHeaders headers() {
    if (this instanceof BearerSettings bearer) {
      return new BearerHeader(bearer, System::nanoTime);
    }
    return this instanceof BasicSettings basic
        ? new BasicHeader(basic, System::nanoTime)
        : RequestHeaders.NONE;
  }
}
