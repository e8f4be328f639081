package dev.tallyspan.collector.exporter;

import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsTest {
  @TempDir static Path directory;
  private static Certificate localhost;
  private static Certificate other;
  private static Certificate client;

  @BeforeAll
  static void makeCertificates() throws Exception {
    localhost = Certificate.of("localhost", directory);
    other = Certificate.of("backend.example.com", directory);
    client = Certificate.of("client", directory);
  }

  private static TlsSettings trusting(Path ca) {
    return new TlsSettings(false, false, ca, null, null, null);
  }

  private static GrpcSink grpcSink(Certificate certificate, Certificate clientCa) throws Exception {
    SslContextBuilder server =
        SslContextBuilder.forServer(certificate.cert().toFile(), certificate.key().toFile());
    if (clientCa != null) {
      server.trustManager(clientCa.cert().toFile()).clientAuth(ClientAuth.REQUIRE);
    }
    var context = GrpcSslContexts.configure(server).build();
    return new GrpcSink(0, builder -> builder.sslContext(context));
  }

  private static GrpcSink grpcSink(Certificate certificate, Consumer<SslContextBuilder> settings)
      throws Exception {
    SslContextBuilder server =
        GrpcSslContexts.configure(
            SslContextBuilder.forServer(certificate.cert().toFile(), certificate.key().toFile()));
    settings.accept(server);
    var context = server.build();
    return new GrpcSink(0, builder -> builder.sslContext(context));
  }

  private static Outcome send(Protocol protocol, String endpoint, TlsSettings tls)
      throws Exception {
    OtlpExporter exporter =
        OtlpExporter.builder("otlp", protocol)
            .endpoint(endpoint)
            .tls(tls)
            .retry(RetrySettings.DISABLED)
            .build();
    try {
      return Sending.send(exporter, Signal.TRACES, Backend.slices("body"), 1)
          .get(60, TimeUnit.SECONDS);
    } finally {
      exporter.close(ZERO);
    }
  }

  private static Outcome sendGrpc(GrpcSink sink, TlsSettings tls) throws Exception {
    return send(Protocol.GRPC, "localhost:" + sink.port(), tls);
  }

  @Test
  void anEndpointWithoutSchemeIsTls() throws Exception {
    try (GrpcSink sink = grpcSink(localhost, (Certificate) null)) {
      assertThat(sendGrpc(sink, trusting(localhost.cert()))).isEqualTo(Outcome.ACCEPTED);
    }
  }

  @Test
  void insecureIsPlaintextUnlessTheSchemeSaysOtherwise() throws Exception {
    TlsSettings insecure = trusting(localhost.cert()).withInsecure(true);
    try (GrpcSink plain = new GrpcSink();
        GrpcSink secure = grpcSink(localhost, (Certificate) null)) {
      assertThat(sendGrpc(plain, insecure)).isEqualTo(Outcome.ACCEPTED);
      assertThat(send(Protocol.GRPC, "https://localhost:" + secure.port(), insecure))
          .isEqualTo(Outcome.ACCEPTED);
    }
  }

  @Test
  void aCertificateOfSomebodyElseIsNotTrusted() throws Exception {
    try (GrpcSink sink = grpcSink(localhost, (Certificate) null)) {
      Outcome outcome = sendGrpc(sink, trusting(other.cert()));

      assertThat(((Outcome.Refused) outcome).code()).isEqualTo(StatusCode.UNAVAILABLE);
      assertThat(sink.received).isEmpty();
    }
  }

  @Test
  void theNameInTheCertificateIsChecked() throws Exception {
    try (GrpcSink sink = grpcSink(other, (Certificate) null)) {
      assertThat(sendGrpc(sink, trusting(other.cert()))).isInstanceOf(Outcome.Refused.class);
      TlsSettings named =
          new TlsSettings(false, false, other.cert(), null, null, "backend.example.com");
      assertThat(sendGrpc(sink, named)).isEqualTo(Outcome.ACCEPTED);
    }
  }

  @Test
  void insecureSkipVerifyTrustsAnything() throws Exception {
    TlsSettings skip = new TlsSettings(false, true, null, null, null, null);
    try (GrpcSink sink = grpcSink(other, (Certificate) null)) {
      assertThat(sendGrpc(sink, skip)).isEqualTo(Outcome.ACCEPTED);
    }
    try (HttpsSink sink = new HttpsSink(other)) {
      assertThat(send(Protocol.HTTP_PROTOBUF, sink.url(), skip)).isEqualTo(Outcome.ACCEPTED);
    }
  }

  @Test
  void theClientShowsItsCertificate() throws Exception {
    try (GrpcSink sink = grpcSink(localhost, client)) {
      assertThat(sendGrpc(sink, trusting(localhost.cert()))).isInstanceOf(Outcome.Refused.class);
      TlsSettings mutual =
          new TlsSettings(false, false, localhost.cert(), client.cert(), client.key(), null);
      assertThat(sendGrpc(sink, mutual)).isEqualTo(Outcome.ACCEPTED);
    }
  }

  @Test
  void httpsTrustsWhatItIsToldTo() throws Exception {
    try (HttpsSink sink = new HttpsSink(localhost)) {
      assertThat(send(Protocol.HTTP_PROTOBUF, sink.url(), trusting(localhost.cert())))
          .isEqualTo(Outcome.ACCEPTED);
      Outcome refused = send(Protocol.HTTP_PROTOBUF, sink.url(), trusting(other.cert()));
      assertThat(((Outcome.Refused) refused).code()).isEqualTo(StatusCode.UNAVAILABLE);
    }
  }

  private static TlsSettings with(
      TlsPem pem, boolean systemCas, List<String> protocols, List<String> cipherSuites) {
    return new TlsSettings(
        false, false, null, null, null, null, pem, systemCas, protocols, cipherSuites, ZERO);
  }

  @Test
  void certificatesMayBeTextInsteadOfFiles() throws Exception {
    TlsPem pem =
        new TlsPem(
            Files.readString(localhost.cert()),
            Files.readString(client.cert()),
            Files.readString(client.key()));
    try (GrpcSink sink = grpcSink(localhost, client)) {
      assertThat(sendGrpc(sink, with(pem, false, List.of(), List.of())))
          .isEqualTo(Outcome.ACCEPTED);
      assertThat(with(pem, false, List.of(), List.of()).toString()).doesNotContain("PRIVATE KEY");
    }
  }

  @Test
  void casOfTheSystemAreTrustedInAddition() throws Exception {
    TlsPem pem = new TlsPem(Files.readString(localhost.cert()), null, null);
    try (GrpcSink sink = grpcSink(localhost, (Certificate) null);
        HttpsSink https = new HttpsSink(localhost)) {
      TlsSettings both = with(pem, true, List.of(), List.of());
      assertThat(sendGrpc(sink, both)).isEqualTo(Outcome.ACCEPTED);
      assertThat(send(Protocol.HTTP_PROTOBUF, https.url(), both)).isEqualTo(Outcome.ACCEPTED);
    }
  }

  @Test
  void onlyTheVersionsThatAreSetAreOffered() throws Exception {
    TlsPem pem = new TlsPem(Files.readString(localhost.cert()), null, null);
    TlsSettings old = with(pem, false, List.of("TLSv1.2"), List.of());
    TlsSettings current = with(pem, false, List.of("TLSv1.3"), List.of());
    try (GrpcSink sink = grpcSink(localhost, server -> server.protocols("TLSv1.3"))) {
      assertThat(sendGrpc(sink, old)).isInstanceOf(Outcome.Refused.class);
      assertThat(sendGrpc(sink, current)).isEqualTo(Outcome.ACCEPTED);
    }
    try (HttpsSink sink = new HttpsSink(localhost, "TLSv1.2")) {
      assertThat(send(Protocol.HTTP_PROTOBUF, sink.url(), old)).isEqualTo(Outcome.ACCEPTED);
      assertThat(send(Protocol.HTTP_PROTOBUF, sink.url(), current))
          .isInstanceOf(Outcome.Refused.class);
    }
  }

  @Test
  void onlyTheCipherSuitesThatAreSetAreOfferedForTls12() throws Exception {
    TlsPem pem = new TlsPem(Files.readString(localhost.cert()), null, null);
    String suite = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
    TlsSettings one = with(pem, false, List.of("TLSv1.2"), List.of(suite));
    TlsSettings another =
        with(pem, false, List.of("TLSv1.2"), List.of("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"));
    try (GrpcSink sink = grpcSink(localhost, server -> server.ciphers(List.of(suite)))) {
      assertThat(sendGrpc(sink, one)).isEqualTo(Outcome.ACCEPTED);
      assertThat(sendGrpc(sink, another)).isInstanceOf(Outcome.Refused.class);
    }
  }

  @Test
  void newCertificateIsShownAtNewConnectionsAfterTheInterval() throws Exception {
    Path cert = Files.copy(other.cert(), directory.resolve("reloaded.crt"));
    Path key = Files.copy(other.key(), directory.resolve("reloaded.key"));
    TlsSettings reloading =
        new TlsSettings(
            false,
            false,
            localhost.cert(),
            cert,
            key,
            null,
            TlsPem.NONE,
            false,
            List.of(),
            List.of(),
            Duration.ofNanos(1));
    try (GrpcSink sink = grpcSink(localhost, client)) {
      OtlpExporter exporter =
          OtlpExporter.builder("otlp", Protocol.GRPC)
              .endpoint("localhost:" + sink.port())
              .tls(reloading)
              .retry(
                  new RetrySettings(
                      false,
                      Duration.ofMillis(1),
                      1,
                      0,
                      Duration.ofMillis(1),
                      Duration.ofSeconds(9)))
              .build();
      assertThat(sendTo(exporter)).isInstanceOf(Outcome.Refused.class);

      Files.writeString(cert, "half written");
      assertThat(sendTo(exporter)).isInstanceOf(Outcome.Refused.class);
      Files.copy(client.cert(), cert, StandardCopyOption.REPLACE_EXISTING);
      Files.copy(client.key(), key, StandardCopyOption.REPLACE_EXISTING);

      await().until(() -> sendTo(exporter) == Outcome.ACCEPTED);
      exporter.close(ZERO);
    }
  }

  private static Outcome sendTo(OtlpExporter exporter) throws Exception {
    return Sending.send(exporter, Signal.TRACES, Backend.slices("body"), 1)
        .get(60, TimeUnit.SECONDS);
  }

  @Test
  void certificateIsReadAgainOnlyAfterTheInterval() throws Exception {
    Path cert = Files.copy(client.cert(), directory.resolve("timed.crt"));
    Path key = Files.copy(client.key(), directory.resolve("timed.key"));
    long[] now = {Long.MAX_VALUE - 5};
    ReloadingKeyManager keys =
        new ReloadingKeyManager(cert, key, Duration.ofNanos(10), () -> now[0]);
    String[] types = {"RSA", "EC"};
    String alias = keys.chooseClientAlias(types, null, null);
    Files.copy(other.cert(), cert, StandardCopyOption.REPLACE_EXISTING);
    Files.copy(other.key(), key, StandardCopyOption.REPLACE_EXISTING);
    now[0] += 9;
    assertThat(keys.chooseClientAlias(types, null, null)).isEqualTo(alias);
    now[0] += 1;
    String next = keys.chooseClientAlias(types, null, null);

    assertThat(next).isNotEqualTo(alias);
    assertThat(keys.getCertificateChain(next)[0].getSubjectX500Principal().getName())
        .isEqualTo("CN=backend.example.com");
    // A handshake that has begun goes on with the earlier one.
    assertThat(keys.getCertificateChain(alias)[0].getSubjectX500Principal().getName())
        .isEqualTo("CN=client");
    assertThat(keys.chooseClientAlias(new String[] {"RSA"}, null, null)).isNull();
  }

  @Test
  void settingThatIsGivenTwiceIsAFault() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new TlsSettings(
                    false,
                    false,
                    Path.of("a"),
                    null,
                    null,
                    null,
                    new TlsPem("text", null, null),
                    false,
                    List.of(),
                    List.of(),
                    ZERO))
        .withMessage("set ca_file or ca_pem, not both of them");
  }

  @Test
  void aFileThatIsNotThereIsSaidAtTheStart() {
    Path none = directory.resolve("none.pem");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> send(Protocol.GRPC, "localhost:4317", trusting(none)))
        .withMessage("exporter otlp: ca_file=" + none + ": cannot be read");
  }

  @Test
  void aFileThatIsNoCertificateIsSaidAtTheStart() throws Exception {
    Path text = Files.writeString(directory.resolve("text.pem"), "no certificate");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> send(Protocol.HTTP_PROTOBUF, "https://localhost", trusting(text)))
        .withMessageStartingWith("exporter otlp: ca_file=" + text + ": not a valid PEM file");
  }

  private static final class HttpsSink implements AutoCloseable {
    private final HttpsServer server;

    HttpsSink(Certificate certificate) throws Exception {
      this(certificate, "TLSv1.3");
    }

    HttpsSink(Certificate certificate, String version) throws Exception {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(certificate.keyStore(), Certificate.PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setHttpsConfigurator(
          new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
              SSLParameters only = context.getDefaultSSLParameters();
              only.setProtocols(new String[] {version});
              parameters.setSSLParameters(only);
            }
          });
      server.createContext(
          "/",
          exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      server.start();
    }

    String url() {
      return "https://localhost:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
