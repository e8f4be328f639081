package dev.tallyspan.collector.exporter;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Creates TLS contexts of the JDK from the files in the {@code tls} settings. */
final class TlsContexts {

  private TlsContexts() {}

  /**
   * @throws IllegalArgumentException if a file cannot be read or has the wrong content
   */
  static SslContextBuilder client(TlsSettings tls) {
    SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
    Path caFile = tls.caFile();
    if (tls.insecureSkipVerify()) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
    } else if (caFile != null) {
      load("ca_file", caFile, () -> builder.trustManager(caFile.toFile()));
    }
    Path certFile = tls.certFile();
    Path keyFile = tls.keyFile();
    if (certFile != null && keyFile != null) {
      readable("key_file", keyFile);
      load("cert_file", certFile, () -> builder.keyManager(certFile.toFile(), keyFile.toFile()));
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
          key + "=" + file + ": not a valid PEM file: " + e.getMessage(), e);
    }
  }

  private static void readable(String key, Path file) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(key + "=" + file + ": cannot be read");
    }
  }
}
