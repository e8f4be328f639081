package dev.tallyspan.collector.receiver;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a receiver uses TLS. Names in {@code code font} are the keys of the Collector's
 * configuration.
 *
 * @param cert {@code cert_file} or {@code cert_pem}: the server's certificate chain, in PEM
 * @param key {@code key_file} or {@code key_pem}: its private key, PKCS#8 in PEM
 * @param clientCaFile {@code client_ca_file}: the CA of the certificates that clients must present;
 *     null = clients need no certificate
 * @param clientCaReload {@code client_ca_file_reload}: whether the CA is read again when its file
 *     changes
 * @param reloadInterval {@code reload_interval}: how often certificate and key are read again; zero
 *     = never
 * @param protocols the versions to accept, as Java names them: {@code TLSv1.2}, {@code TLSv1.3}
 * @param cipherSuites {@code cipher_suites}, for TLS 1.2; empty = those that are considered safe
 */
public record ServerTls(
    Pem cert,
    Pem key,
    @Nullable Path clientCaFile,
    boolean clientCaReload,
    Duration reloadInterval,
    Set<String> protocols,
    List<String> cipherSuites) {

  public ServerTls {
    protocols = Set.copyOf(protocols);
    cipherSuites = List.copyOf(cipherSuites);
    if (reloadInterval.isNegative()) {
      throw new IllegalArgumentException("reload_interval must not be negative");
    }
  }

  /** Content in PEM: in a file, or in the configuration. */
  public sealed interface Pem {

    /** A file, which may be read again. */
    record InFile(Path file) implements Pem {}

    /** The content itself. Does not show itself in text, since it may be a key. */
    record Text(String content) implements Pem {
      @Override
      public String toString() {
        return "Pem";
      }
    }
  }

  /** Returns the settings for files, with the default of everything else: TLS 1.2 and 1.3. */
  public static ServerTls of(Path certFile, Path keyFile, @Nullable Path clientCaFile) {
    return new ServerTls(
        new Pem.InFile(certFile),
        new Pem.InFile(keyFile),
        clientCaFile,
        /* clientCaReload= */ false,
        /* reloadInterval= */ Duration.ZERO,
        Set.of("TLSv1.2", "TLSv1.3"),
        List.of());
  }
}
