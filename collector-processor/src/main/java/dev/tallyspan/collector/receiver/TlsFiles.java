package dev.tallyspan.collector.receiver;

import static java.util.Objects.requireNonNull;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The files of a TLS server, named as in the Collector's configuration. They are read once, at
 * startup.
 *
 * @param certFile {@code cert_file}: the server's certificate chain, in PEM
 * @param keyFile {@code key_file}: its private key, PKCS#8 in PEM
 * @param clientCaFile {@code client_ca_file}: the CA of the certificates that clients must present;
 *     null = clients need no certificate
 */
public record TlsFiles(Path certFile, Path keyFile, @Nullable Path clientCaFile) {

  public TlsFiles {
    requireNonNull(certFile, "certFile");
    requireNonNull(keyFile, "keyFile");
  }

  /**
   * @throws IllegalArgumentException if a file cannot be read or has the wrong content
   */
  SslContextBuilder server() {
    readable("cert_file", certFile);
    readable("key_file", keyFile);
    SslContextBuilder builder;
    try {
      builder = SslContextBuilder.forServer(certFile.toFile(), keyFile.toFile());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "cert_file="
              + certFile
              + ", key_file="
              + keyFile
              + ": must hold a certificate chain and"
              + " its PKCS#8 private key, in PEM",
          e);
    }
    if (clientCaFile != null) {
      readable("client_ca_file", clientCaFile);
      builder.trustManager(clientCaFile.toFile()).clientAuth(ClientAuth.REQUIRE);
    }
    return builder;
  }

  private static void readable(String name, Path file) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(name + "=" + file + ": cannot be read");
    }
  }
}
