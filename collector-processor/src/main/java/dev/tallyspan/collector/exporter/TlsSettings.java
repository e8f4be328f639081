package dev.tallyspan.collector.exporter;

import java.nio.file.Path;

/**
 * {@code tls} of an exporter.
 *
 * @param insecure no TLS at all, for gRPC endpoints without a scheme; default false
 * @param insecureSkipVerify TLS that trusts any certificate; default false
 * @param caFile PEM file of the authorities that vouch for the backend; null for the system's
 * @param certFile PEM file of the client's own certificate; null for none
 * @param keyFile PEM file of its private key, PKCS #8; null for none
 * @param serverNameOverride the name the backend's certificate must carry instead of the endpoint's
 *     host; gRPC only; null for the host
 */
public record TlsSettings(
    boolean insecure,
    boolean insecureSkipVerify,
    Path caFile,
    Path certFile,
    Path keyFile,
    String serverNameOverride) {

  public static final TlsSettings DEFAULT =
      new TlsSettings(
          /* insecure= */ false,
          /* insecureSkipVerify= */ false,
          /* caFile= */ null,
          /* certFile= */ null,
          /* keyFile= */ null,
          /* serverNameOverride= */ null);

  /**
   * @throws IllegalArgumentException if only one of certificate and key is given
   */
  public TlsSettings {
    if ((certFile == null) != (keyFile == null)) {
      throw new IllegalArgumentException("cert_file and key_file belong together: one is missing");
    }
  }

  public TlsSettings withInsecure(boolean insecure) {
    return new TlsSettings(
        insecure, insecureSkipVerify, caFile, certFile, keyFile, serverNameOverride);
  }
}
