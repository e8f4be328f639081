package dev.tallyspan.collector.exporter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Creates TLS contexts of the JDK from the {@code tls} settings.
 *
 * <p>All methods throw an IllegalArgumentException if a file or text cannot be read or has the
 * wrong content. {@code nanoTime} is the time by which certificates are read again.
 */
final class TlsContexts {
  private static final List<String> TLS_1_3_CIPHER_SUITES =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

  private TlsContexts() {}

  static SslContext grpcClient(TlsSettings tls, LongSupplier nanoTime) {
    SslContextBuilder builder = GrpcSslContexts.configure(client(tls, nanoTime));
    if (!tls.cipherSuites().isEmpty()) {
      builder.ciphers(cipherSuites(tls));
    }
    return built(builder);
  }

  static SSLContext jdkClient(TlsSettings tls, LongSupplier nanoTime) {
    return ((JdkSslContext) built(client(tls, nanoTime))).context();
  }

  /** Returns a context that trusts no certificate, for a client that does not use TLS. */
  static SSLContext withoutTrust() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // Every JDK has it.
    }
  }

  /** What a JDK context does not hold. Null values = Java's choice. */
  static SSLParameters jdkParameters(TlsSettings tls) {
    SSLParameters parameters = new SSLParameters();
    if (!tls.protocols().isEmpty()) {
      parameters.setProtocols(tls.protocols().toArray(String[]::new));
    }
    if (!tls.cipherSuites().isEmpty()) {
      parameters.setCipherSuites(cipherSuites(tls).toArray(String[]::new));
    }
    return parameters;
  }

  private static List<String> cipherSuites(TlsSettings tls) {
    List<String> suites = new ArrayList<>(TLS_1_3_CIPHER_SUITES);
    suites.addAll(tls.cipherSuites());
    return suites;
  }

  private static SslContext built(SslContextBuilder builder) {
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalArgumentException("tls: cannot be set up: " + e.getMessage(), e);
    }
  }

  private static SslContextBuilder client(TlsSettings tls, LongSupplier nanoTime) {
    SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
    if (tls.insecureSkipVerify()) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
    } else {
      trust(builder, tls);
    }
    identify(builder, tls, nanoTime);
    if (!tls.protocols().isEmpty()) {
      builder.protocols(tls.protocols());
    }
    return builder;
  }

  private static void trust(SslContextBuilder builder, TlsSettings tls) {
    Path file = tls.caFile();
    String pem = tls.pem().ca();
    List<X509Certificate> cas = new ArrayList<>();
    if (file != null) {
      load("ca_file", file, () -> cas.addAll(PemFiles.certificates(read(file))));
    } else if (pem != null) {
      load("ca_pem", null, () -> cas.addAll(PemFiles.certificates(pem.getBytes(UTF_8))));
    }
    if (cas.isEmpty()) {
      return;
    }
    if (tls.includeSystemCas()) {
      cas.addAll(PemFiles.systemCas());
    }
    builder.trustManager(cas);
  }

  private static void identify(SslContextBuilder builder, TlsSettings tls, LongSupplier nanoTime) {
    Path cert = tls.certFile();
    Path key = tls.keyFile();
    String certPem = tls.pem().cert();
    String keyPem = tls.pem().key();
    Duration interval = tls.reloadInterval();
    if (cert != null && key != null) {
      readable("key_file", key);
      if (interval.isZero()) {
        load("cert_file", cert, () -> builder.keyManager(cert.toFile(), key.toFile()));
      } else {
        load(
            "cert_file",
            cert,
            () -> builder.keyManager(new ReloadingKeyManager(cert, key, interval, nanoTime)));
        // A resumed session would show no certificate, and so keep the earlier one.
        builder.sessionTimeout(1);
      }
    } else if (certPem != null && keyPem != null) {
      load("cert_pem", null, () -> builder.keyManager(stream(certPem), stream(keyPem)));
    }
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(UTF_8));
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param file null if the key holds the content itself, which is not shown
   */
  private static void load(String key, @Nullable Path file, Runnable load) {
    if (file != null) {
      readable(key, file);
    }
    try {
      load.run();
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw new IllegalArgumentException(
          file == null
              ? key + ": not valid PEM"
              : key + "=" + file + ": not a valid PEM file: " + e.getMessage(),
          e);
    }
  }

  private static void readable(String key, Path file) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(key + "=" + file + ": cannot be read");
    }
  }
}
