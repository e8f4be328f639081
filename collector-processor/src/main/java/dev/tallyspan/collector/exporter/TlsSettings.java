package dev.tallyspan.collector.exporter;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code tls} of an exporter.
 *
 * @param insecure no TLS, for gRPC endpoints without a scheme; default false
 * @param insecureSkipVerify TLS that trusts any certificate; default false
 * @param caFile PEM file of the CAs to trust; null = those of {@code pem} or of the system
 * @param certFile PEM file of the client's certificate; null = that of {@code pem}, or none
 * @param keyFile PEM file of the certificate's private key, PKCS #8; null = that of {@code pem}, or
 *     none
 * @param serverNameOverride the name that the backend's certificate must have, instead of the
 *     endpoint's host; only for gRPC; null = the host
 * @param pem what is not in files; default none
 * @param includeSystemCas whether to trust the CAs of the system in addition to those given;
 *     default false
 * @param protocols the versions of TLS, named as in Java ({@code TLSv1.3}); default empty = 1.2 and
 *     1.3
 * @param cipherSuites the cipher suites for TLS 1.2, named as in Java; those of TLS 1.3 are always
 *     enabled. Default empty = Java's choice
 * @param reloadInterval how long a certificate and key file are used before they are read again, at
 *     the next new connection; default zero = read once
 */
public record TlsSettings(
    boolean insecure,
    boolean insecureSkipVerify,
    @Nullable Path caFile,
    @Nullable Path certFile,
    @Nullable Path keyFile,
    @Nullable String serverNameOverride,
    TlsPem pem,
    boolean includeSystemCas,
    List<String> protocols,
    List<String> cipherSuites,
    Duration reloadInterval) {

  public static final TlsSettings DEFAULT =
      new TlsSettings(
          /* insecure= */ false,
          /* insecureSkipVerify= */ false,
          /* caFile= */ null,
          /* certFile= */ null,
          /* keyFile= */ null,
          /* serverNameOverride= */ null);

  /**
   * @throws IllegalArgumentException if only one of certificate and key is given, or something is
   *     given in two ways
   */
  public TlsSettings {
    requireNonNull(pem, "pem");
    protocols = List.copyOf(protocols);
    cipherSuites = List.copyOf(cipherSuites);
    Preconditions.that(!reloadInterval.isNegative(), "reload_interval", reloadInterval);
    once("ca", caFile, pem.ca());
    once("cert", certFile, pem.cert());
    once("key", keyFile, pem.key());
    if ((certFile == null && pem.cert() == null) != (keyFile == null && pem.key() == null)) {
      throw new IllegalArgumentException("cert_file and key_file belong together: one is missing");
    }
    if ((certFile == null) != (keyFile == null)) {
      throw new IllegalArgumentException(
          "certificate and key must both be files (cert_file, key_file) or both be text (cert_pem,"
              + " key_pem)");
    }
  }

  private static void once(String what, @Nullable Path file, @Nullable String pem) {
    if (file != null && pem != null) {
      throw new IllegalArgumentException(
          "set " + what + "_file or " + what + "_pem, not both of them");
    }
  }

  /** Everything from files that are read once, with Java's versions and cipher suites. */
  public TlsSettings(
      boolean insecure,
      boolean insecureSkipVerify,
      @Nullable Path caFile,
      @Nullable Path certFile,
      @Nullable Path keyFile,
      @Nullable String serverNameOverride) {
    this(
        insecure,
        insecureSkipVerify,
        caFile,
        certFile,
        keyFile,
        serverNameOverride,
        TlsPem.NONE,
        /* includeSystemCas= */ false,
        /* protocols= */ List.of(),
        /* cipherSuites= */ List.of(),
        Duration.ZERO);
  }

  public TlsSettings withInsecure(boolean insecure) {
    return new TlsSettings(
        insecure,
        insecureSkipVerify,
        caFile,
        certFile,
        keyFile,
        serverNameOverride,
        pem,
        includeSystemCas,
        protocols,
        cipherSuites,
        reloadInterval);
  }
}
