package dev.tallyspan.collector.exporter;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows a client certificate from files that are read again at new connections, after an interval.
 * If they cannot be read or do not fit together, because they are being replaced, the earlier ones
 * stay in use, and are read at the next connection. Thread-safe: the TLS implementation calls the
 * methods on the threads of connections; reading the files blocks them for a moment.
 */
final class ReloadingKeyManager extends X509ExtendedKeyManager {
  private static final Logger LOGGER = System.getLogger(ReloadingKeyManager.class.getName());

  /** A certificate with its key, under the name that a handshake in progress knows it by. */
  private record Identity(String alias, X509Certificate[] chain, PrivateKey key) {}

  private final Path certFile;
  private final Path keyFile;
  private final long intervalNanos;
  private final LongSupplier nanoTime;

  // Guarded by this. The one before the current is kept for handshakes that have chosen it.
  private Identity current;
  private @Nullable Identity previous;
  private long number;
  private long readAt;
  private boolean failing;

  /**
   * @throws IllegalArgumentException if a file cannot be read or has the wrong content
   */
  ReloadingKeyManager(Path certFile, Path keyFile, Duration interval, LongSupplier nanoTime) {
    this.certFile = certFile;
    this.keyFile = keyFile;
    this.intervalNanos = Backoff.nanos(interval);
    this.nanoTime = nanoTime;
    readAt = nanoTime.getAsLong();
    try {
      current = read(/* number= */ 0);
    } catch (IOException e) {
      throw new IllegalArgumentException("cert_file=" + certFile + ": cannot be read", e);
    }
  }

  private Identity read(long number) throws IOException {
    X509Certificate[] chain =
        PemFiles.certificates(Files.readAllBytes(certFile)).toArray(X509Certificate[]::new);
    PrivateKey key = PemFiles.key(Files.readAllBytes(keyFile));
    if (!chain[0].getPublicKey().getAlgorithm().equals(key.getAlgorithm())) {
      throw new IllegalArgumentException("certificate and key are of different types");
    }
    return new Identity("client" + number, chain, key);
  }

  private synchronized Identity fresh() {
    long now = nanoTime.getAsLong();
    if (now - readAt < intervalNanos) {
      return current;
    }
    try {
      Identity read = read(number + 1);
      readAt = now;
      failing = false;
      if (!Arrays.equals(read.chain, current.chain) || !read.key.equals(current.key)) {
        number++;
        previous = current;
        current = read;
      }
    } catch (IOException | IllegalArgumentException e) {
      if (!failing) {
        failing = true;
        LOGGER.log(
            Level.WARNING,
            "cert_file={0}, key_file={1}: cannot be read again; the earlier certificate stays in"
                + " use",
            certFile,
            keyFile);
      }
    }
    return current;
  }

  private @Nullable String choose(String[] keyTypes) {
    Identity identity = fresh();
    String type = identity.key.getAlgorithm();
    // TLS 1.3 asks for the signature scheme, which an RSA key serves as well.
    boolean fits =
        Arrays.stream(keyTypes)
            .anyMatch(wanted -> wanted.equals(type) || wanted.startsWith(type + "SSA"));
    return fits ? identity.alias : null;
  }

  private synchronized @Nullable Identity identity(@Nullable String alias) {
    if (Objects.equals(alias, current.alias)) {
      return current;
    }
    return previous != null && Objects.equals(alias, previous.alias) ? previous : null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return choose(keyTypes);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return choose(keyTypes);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
    Identity identity = identity(alias);
    return identity == null ? null : identity.chain.clone();
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
    Identity identity = identity(alias);
    return identity == null ? null : identity.key;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    String alias = choose(new String[] {keyType});
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
