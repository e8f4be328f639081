package dev.tallyspan.collector.exporter;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * {@code tls} of an exporter.
 *
 * @param insecure no TLS, for gRPC endpoints without a scheme; default false
 * @param insecureSkipVerify TLS that trusts any certificate; default false
 * @param caFile PEM file of the CAs to trust; null = those of the system
 * @param certFile PEM file of the client's certificate; null = none
 * @param keyFile PEM file of the certificate's private key, PKCS #8; null = none
 * @param serverNameOverride the name that the backend's certificate must have, instead of the
 *     endpoint's host; only for gRPC; null = the host
 */
public record TlsSettings(
    boolean insecure,
    boolean insecureSkipVerify,
    @Nullable Path caFile,
    @Nullable Path certFile,
    @Nullable Path keyFile,
    @Nullable String serverNameOverride) {

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
