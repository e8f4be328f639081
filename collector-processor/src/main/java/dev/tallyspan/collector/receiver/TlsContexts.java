package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.auth.WatchedFile;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;

/** Creates the TLS contexts of receivers. */
final class TlsContexts {

  /** The suites of TLS 1.3, which {@code cipher_suites} does not limit, as in Go. */
  private static final List<String> TLS_1_3 =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

  private TlsContexts() {}

  /**
   * @throws IllegalArgumentException if a file cannot be read or has the wrong content
   */
  static SslContext forHttp(ServerTls tls) throws SSLException {
    return restricted(builder(tls), tls).build();
  }

  /**
   * @throws IllegalArgumentException if a file cannot be read or has the wrong content
   */
  static SslContext forGrpc(ServerTls tls) throws SSLException {
    // Last, because gRPC's own suites are a default.
    return restricted(GrpcSslContexts.configure(builder(tls)), tls).build();
  }

  private static SslContextBuilder builder(ServerTls tls) {
    SslContextBuilder builder =
        SslContextBuilder.forServer(new ReloadingKeys(tls, System::nanoTime));
    Path ca = tls.clientCaFile();
    if (ca != null) {
      WatchedFile<X509ExtendedTrustManager> file;
      try {
        file = new WatchedFile<>(ca, PemContent::authority, System::nanoTime);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("client_ca_file=" + e.getMessage(), e);
      }
      X509ExtendedTrustManager first = file.current();
      Supplier<X509ExtendedTrustManager> current =
          tls.clientCaReload() ? file::current : () -> first;
      builder.trustManager(new ReloadingClientCa(current)).clientAuth(ClientAuth.REQUIRE);
    }
    return builder;
  }

  private static SslContextBuilder restricted(SslContextBuilder builder, ServerTls tls) {
    builder.protocols(tls.protocols());
    if (!tls.cipherSuites().isEmpty()) {
      List<String> suites = new ArrayList<>(tls.cipherSuites());
      suites.addAll(TLS_1_3);
      builder.ciphers(suites);
    }
    return builder;
  }
}
