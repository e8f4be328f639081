package dev.tallyspan.collector.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One self-signed certificate, made by keytool, serves as server, client and authority. */
class TlsTest {

  @TempDir private static Path directory;
  private static final int ALERT = 21;
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static KeyStore keys;
  private static Path certificate;
  private static Path key;

  /** Of another name, which nobody trusts. */
  private static KeyStore otherKeys;

  private static Path otherCertificate;
  private static Path otherKey;

  private ReceiverFixture fixture;

  @BeforeAll
  static void makeCertificates() throws Exception {
    keys = make("test");
    certificate = certificate(keys, "test.pem");
    key = key(keys, "test.key");
    otherKeys = make("other");
    otherCertificate = certificate(otherKeys, "other.pem");
    otherKey = key(otherKeys, "other.key");
  }

  private static KeyStore make(String name) throws Exception {
    Path store = directory.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "test",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost,O=" + name,
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
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return KeyStore.getInstance(store.toFile(), PASSWORD);
  }

  @AfterEach
  void close() {
    if (fixture != null) {
      fixture.close();
    }
  }

  @Test
  void bothProtocolsAreEncrypted() throws Exception {
    start((Path) null);
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

  @Test
  void certificateOfAnotherAuthorityIsNotAccepted() throws Exception {
    start(otherCertificate);
    assertThatThrownBy(() -> grpc(/* showCertificate= */ true)).hasMessageContaining("UNAVAILABLE");
    assertThatThrownBy(() -> http(/* showCertificate= */ true)).isInstanceOf(IOException.class);
    assertThat(fixture.intake.requests()).isEmpty();
  }

  @Test
  void versionAndSuiteAreThoseOfTheSettings() throws Exception {
    start(tls(Set.of("TLSv1.2"), List.of("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")));
    for (int port : ports()) {
      SSLSession session = handshake(port, "TLSv1.2", "TLSv1.3");
      assertThat(session.getProtocol()).isEqualTo("TLSv1.2");
      assertThat(session.getCipherSuite()).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
    }
  }

  @Test
  void olderVersionIsRefused() throws Exception {
    start(tls(Set.of("TLSv1.3"), List.of()));
    for (int port : ports()) {
      assertThat(handshake(port, "TLSv1.3").getProtocol()).isEqualTo("TLSv1.3");
      assertThatThrownBy(() -> handshake(port, "TLSv1.2")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void version11IsRefused() throws Exception {
    start((Path) null);
    for (int port : ports()) {
      assertThat(helloOfVersion11(port)).isEqualTo(ALERT);
    }
  }

  @Test
  void contentOfTheConfigurationIsUsed() throws Exception {
    start(
        new ServerTls(
            new ServerTls.Pem.Text(Files.readString(certificate)),
            new ServerTls.Pem.Text(Files.readString(key)),
            null,
            false,
            Duration.ZERO,
            Set.of("TLSv1.2", "TLSv1.3"),
            List.of()));
    assertThat(http(/* showCertificate= */ false)).isEqualTo(200);
  }

  @Test
  void newCertificateIsUsedForNewConnections() throws Exception {
    Path cert = Files.copy(certificate, directory.resolve("live.pem"));
    Path secret = Files.copy(key, directory.resolve("live.key"));
    start(
        new ServerTls(
            new ServerTls.Pem.InFile(cert),
            new ServerTls.Pem.InFile(secret),
            null,
            false,
            Duration.ofMillis(1),
            Set.of("TLSv1.3"),
            List.of()));
    assertThat(served(ports()[1])).isEqualTo(keys.getCertificate("test"));

    // The key does not belong to it yet.
    Files.copy(otherCertificate, cert, StandardCopyOption.REPLACE_EXISTING);
    for (int port : ports()) {
      assertThat(served(port)).isEqualTo(keys.getCertificate("test"));
    }
    Files.copy(otherKey, secret, StandardCopyOption.REPLACE_EXISTING);
    for (int port : ports()) {
      await()
          .untilAsserted(
              () -> assertThat(served(port)).isEqualTo(otherKeys.getCertificate("test")));
    }
    Files.delete(secret);
    assertThat(served(ports()[0])).isEqualTo(otherKeys.getCertificate("test"));
  }

  @Test
  void newAuthorityIsUsedForNewConnections() throws Exception {
    Path ca = Files.copy(otherCertificate, directory.resolve("ca.pem"));
    start(
        new ServerTls(
            new ServerTls.Pem.InFile(certificate),
            new ServerTls.Pem.InFile(key),
            ca,
            true,
            Duration.ZERO,
            Set.of("TLSv1.2", "TLSv1.3"),
            List.of()));
    assertThatThrownBy(() -> http(/* showCertificate= */ true)).isInstanceOf(IOException.class);

    Files.writeString(
        ca, Files.readString(otherCertificate) + "\n" + Files.readString(certificate));
    await()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(http(/* showCertificate= */ true)).isEqualTo(200));
  }

  @Test
  void keyOfAnotherCertificateIsAnErrorAtStart() {
    assertThatThrownBy(() -> start(ServerTls.of(certificate, otherKey, null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("the key is not the key of the certificate");
  }

  @Test
  void floodsAreSeenWithinTls() throws Exception {
    start((Path) null);
    try (SSLSocket socket = socket(fixture.receiver.grpcPort(), "TLSv1.3")) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      OutputStream out = socket.getOutputStream();
      out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] settings = {0, 0, 0, 4, 0, 0, 0, 0, 0};
      assertThatThrownBy(
              () -> {
                // The server waits a moment for its last message to be sent, and reads meanwhile.
                long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
                while (System.nanoTime() < deadline) {
                  out.write(settings);
                }
              })
          .isInstanceOf(IOException.class);
    }
    grpc(/* showCertificate= */ false);
  }

  private static ServerTls tls(Set<String> protocols, List<String> suites) {
    return new ServerTls(
        new ServerTls.Pem.InFile(certificate),
        new ServerTls.Pem.InFile(key),
        null,
        false,
        Duration.ZERO,
        protocols,
        suites);
  }

  private int[] ports() {
    return new int[] {fixture.receiver.grpcPort(), fixture.receiver.httpPort()};
  }

  private static SSLSession handshake(int port, String... versions) throws Exception {
    try (SSLSocket socket = socket(port, versions)) {
      socket.startHandshake();
      return socket.getSession();
    }
  }

  private static Certificate served(int port) throws Exception {
    return handshake(port, "TLSv1.3").getPeerCertificates()[0];
  }

  /** A connection that trusts every certificate of this test. */
  private static SSLSocket socket(int port, String... versions) throws Exception {
    KeyStore authority = KeyStore.getInstance("PKCS12");
    authority.load(null, null);
    authority.setCertificateEntry("ca", keys.getCertificate("test"));
    authority.setCertificateEntry("other", otherKeys.getCertificate("test"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(authority);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port);
    socket.setSoTimeout(60_000);
    socket.setEnabledProtocols(versions);
    return socket;
  }

  /** Offers TLS 1.1, which Java does not, and returns the type of the server's first record. */
  private static int helloOfVersion11(int port) throws IOException {
    byte[] hello = new byte[2 + 32 + 1 + 4 + 2];
    hello[0] = 3;
    hello[1] = 2;
    hello[36] = 2; // one cipher suite: TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA
    hello[37] = (byte) 0xc0;
    hello[38] = 9;
    hello[39] = 1; // no compression
    try (Socket socket = new Socket("localhost", port)) {
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      out.write(new byte[] {22, 3, 1, 0, (byte) (hello.length + 4), 1, 0, 0, (byte) hello.length});
      out.write(hello);
      out.flush();
      return socket.getInputStream().read();
    }
  }

  private void start(Path clientCa) throws IOException {
    start(ServerTls.of(certificate, key, clientCa));
  }

  private void start(ServerTls tls) throws IOException {
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

  private static Path certificate(KeyStore store, String name) throws Exception {
    return pem(name, "CERTIFICATE", store.getCertificate("test").getEncoded());
  }

  private static Path key(KeyStore store, String name) throws Exception {
    return pem(name, "PRIVATE KEY", store.getKey("test", PASSWORD).getEncoded());
  }

  private static Path pem(String name, String type, byte[] der) throws IOException {
    String text =
        "-----BEGIN "
            + type
            + "-----\n"
            + Base64.getMimeEncoder().encodeToString(der)
            + "\n-----END "
            + type
            + "-----\n";
    return Files.writeString(directory.resolve(name), text);
  }
}
