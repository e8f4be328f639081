package dev.tallyspan.collector.receiver;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificate and the key of a server, read again at an interval. Connections that exist keep
 * the certificate they began with.
 *
 * <p>Thread-safe. A handshake that finds the interval over reads the files, on its event loop; they
 * are small. A version that cannot be read, or whose key does not belong to its certificate, is
 * logged once, and the previous one stays in use.
 */
final class ReloadingKeys extends X509ExtendedKeyManager {

  /*
   * A handshake asks for an alias, and then for the certificate and for the key of that alias. In
   * between, another handshake may load a new version. So the alias contains the number of the
   * version, and the previous version remains available.
   */

  private static final Logger LOGGER = System.getLogger(ReloadingKeys.class.getName());

  private record Version(int number, X509ExtendedKeyManager keys) {

    String alias(String inner) {
      return number + ":" + inner;
    }

    boolean has(String alias) {
      return alias.startsWith(number + ":");
    }
  }

  private final ServerTls tls;
  private final LongSupplier nanoTime;
  private final AtomicBoolean loading = new AtomicBoolean();
  private volatile Version current;
  private volatile Version previous;
  private volatile long loadedAt;

  // Used only while loading.
  private boolean broken;

  /**
   * @throws IllegalArgumentException if a file cannot be read or has the wrong content
   */
  ReloadingKeys(ServerTls tls, LongSupplier nanoTime) {
    this.tls = tls;
    this.nanoTime = nanoTime;
    current = new Version(0, load());
    previous = current;
    loadedAt = nanoTime.getAsLong();
  }

  private X509ExtendedKeyManager load() {
    String cert = content("cert_file", tls.cert());
    String key = content("key_file", tls.key());
    try {
      return PemContent.keys(cert, key);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          shown("cert_file", tls.cert())
              + ", "
              + shown("key_file", tls.key())
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static String content(String name, ServerTls.Pem pem) {
    if (pem instanceof ServerTls.Pem.Text text) {
      return text.content();
    }
    Path file = ((ServerTls.Pem.InFile) pem).file();
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(name + "=" + file + ": cannot be read", e);
    }
  }

  private static String shown(String name, ServerTls.Pem pem) {
    return pem instanceof ServerTls.Pem.InFile in
        ? name + "=" + in.file()
        : name.replace("_file", "_pem");
  }

  /** Returns the version for a new handshake. */
  private Version newest() {
    long interval = tls.reloadInterval().toNanos();
    long now = nanoTime.getAsLong();
    if (interval > 0 && now - loadedAt >= interval && loading.compareAndSet(false, true)) {
      try {
        reload();
      } finally {
        loadedAt = now;
        loading.set(false);
      }
    }
    return current;
  }

  private void reload() {
    X509ExtendedKeyManager keys;
    try {
      keys = load();
    } catch (IllegalArgumentException e) {
      if (!broken) {
        LOGGER.log(Level.WARNING, "{0}; the previous certificate stays in use", e.getMessage());
      }
      broken = true;
      return;
    }
    broken = false;
    Version before = current;
    if (Arrays.equals(
        keys.getCertificateChain(PemContent.ALIAS),
        before.keys.getCertificateChain(PemContent.ALIAS))) {
      return;
    }
    previous = before;
    current = new Version(before.number + 1, keys);
    LOGGER.log(Level.INFO, "{0}: the new certificate is in use", shown("cert_file", tls.cert()));
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    Version version = newest();
    String inner = version.keys.chooseEngineServerAlias(keyType, issuers, engine);
    return inner == null ? null : version.alias(inner);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    Version version = newest();
    String inner = version.keys.chooseServerAlias(keyType, issuers, socket);
    return inner == null ? null : version.alias(inner);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return version(alias).keys.getCertificateChain(inner(alias));
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return version(alias).keys.getPrivateKey(inner(alias));
  }

  private Version version(String alias) {
    Version newest = current;
    return newest.has(alias) ? newest : previous;
  }

  private static String inner(String alias) {
    return alias.substring(alias.indexOf(':') + 1);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    Version version = current;
    String[] aliases = version.keys.getServerAliases(keyType, issuers);
    return aliases == null
        ? null
        : Arrays.stream(aliases).map(version::alias).toArray(String[]::new);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
