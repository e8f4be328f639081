package dev.tallyspan.collector.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One self-signed certificate, made by keytool, serves as server, client and authority. */
class TlsTest {

  @TempDir private static Path directory;
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static KeyStore keys;
  private static Path certificate;
  private static Path key;

  private ReceiverFixture fixture;

  @BeforeAll
  static void makeCertificate() throws Exception {
    Path store = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "test",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    certificate = pem("CERTIFICATE", ((X509Certificate) keys.getCertificate("test")).getEncoded());
    key = pem("PRIVATE KEY", ((PrivateKey) keys.getKey("test", PASSWORD)).getEncoded());
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void bothProtocolsAreEncrypted() throws Exception {
    start(null);
    grpc(/* showCertificate= */ false);
    assertThat(http(/* showCertificate= */ false)).isEqualTo(200);
    assertThat(fixture.intake.requests()).hasSize(2);
  }

  @Test
  void clientMustShowACertificateIfAskedTo() throws Exception {
    start(certificate);
    grpc(/* showCertificate= */ true);
    assertThat(http(/* showCertificate= */ true)).isEqualTo(200);
    assertThatThrownBy(() -> grpc(/* showCertificate= */ false))
        .hasMessageContaining("UNAVAILABLE");
    assertThatThrownBy(() -> http(/* showCertificate= */ false)).isInstanceOf(IOException.class);
  }

  private void start(Path clientCa) throws IOException {
    TlsFiles tls = new TlsFiles(certificate, key, clientCa);
    fixture = new ReceiverFixture(settings -> settings.grpcTls(tls).httpTls(tls));
  }

  private void grpc(boolean showCertificate) throws Exception {
    SslContextBuilder context = GrpcSslContexts.forClient().trustManager(certificate.toFile());
    if (showCertificate) {
      context.keyManager(certificate.toFile(), key.toFile());
    }
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", fixture.receiver.grpcPort())
            .sslContext(context.build())
            .build();
    try {
      TraceServiceGrpc.newBlockingStub(channel).export(Requests.spans(1));
    } finally {
      channel.shutdownNow();
    }
  }

  private int http(boolean showCertificate) throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore authority = KeyStore.getInstance("PKCS12");
    authority.load(null, null);
    authority.setCertificateEntry("ca", keys.getCertificate("test"));
    trust.init(authority);
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(showCertificate ? own.getKeyManagers() : null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(context)
        .build()
        .send(
            HttpRequest.newBuilder(
                    URI.create("https://localhost:" + fixture.receiver.httpPort() + "/v1/traces"))
                .header("content-type", "application/x-protobuf")
                .POST(BodyPublishers.ofByteArray(Requests.spans(1).toByteArray()))
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  private static Path pem(String type, byte[] der) throws IOException {
    String text =
        "-----BEGIN "
            + type
            + "-----\n"
            + Base64.getMimeEncoder().encodeToString(der)
            + "\n-----END "
            + type
            + "-----\n";
    return Files.writeString(directory.resolve(type.replace(' ', '-') + ".pem"), text);
  }
}
