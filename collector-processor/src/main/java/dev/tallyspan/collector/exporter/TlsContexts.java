package dev.tallyspan.collector.exporter;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Makes the JDK's TLS of the files that {@code tls} names. */
final class TlsContexts {

  private TlsContexts() {}

  /**
   * @throws IllegalArgumentException if a file cannot be read or is not what it should be
   */
  static SslContextBuilder client(TlsSettings tls) {
    SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
    if (tls.insecureSkipVerify()) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
    } else if (tls.caFile() != null) {
      load("ca_file", tls.caFile(), () -> builder.trustManager(tls.caFile().toFile()));
    }
    if (tls.certFile() != null) {
      readable("key_file", tls.keyFile());
      load(
          "cert_file",
          tls.certFile(),
          () -> builder.keyManager(tls.certFile().toFile(), tls.keyFile().toFile()));
    }
    return builder;
  }

  static SSLContext jdkClient(TlsSettings tls) {
    try {
      return ((JdkSslContext) client(tls).build()).context();
    } catch (SSLException e) {
      throw new IllegalArgumentException("tls: cannot be set up: " + e.getMessage(), e);
    }
  }

  private static void load(String key, Path file, Runnable load) {
    readable(key, file);
    try {
      load.run();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          key + "=" + file + ": not the PEM file that it should be: " + e.getMessage(), e);
    }
  }

  private static void readable(String key, Path file) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(key + "=" + file + ": cannot be read");
    }
  }
}
