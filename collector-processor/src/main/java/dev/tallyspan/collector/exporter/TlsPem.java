package dev.tallyspan.collector.exporter;

import org.jspecify.annotations.Nullable;

/**
 * Certificates and a key in PEM, in place of files.
 *
 * @param ca the CAs to trust; null = none here
 * @param cert the client's certificate; null = none here
 * @param key the certificate's private key, PKCS #8; null = none here
 */
public record TlsPem(@Nullable String ca, @Nullable String cert, @Nullable String key) {

  public static final TlsPem NONE = new TlsPem(null, null, null);

  /** Without the contents, since one is a key. */
  @Override
  public String toString() {
    return "TlsPem";
  }
}
