package dev.tallyspan.collector.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpsConfigurator;
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
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
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
          .get(20, TimeUnit.SECONDS);
    } finally {
      exporter.close(java.time.Duration.ZERO);
    }
  }

  private static Outcome sendGrpc(GrpcSink sink, TlsSettings tls) throws Exception {
    return send(Protocol.GRPC, "localhost:" + sink.port(), tls);
  }

  @Test
  void anEndpointWithoutSchemeIsTls() throws Exception {
    try (GrpcSink sink = grpcSink(localhost, null)) {
      assertThat(sendGrpc(sink, trusting(localhost.cert()))).isEqualTo(Outcome.ACCEPTED);
    }
  }

  @Test
  void insecureIsPlaintextUnlessTheSchemeSaysOtherwise() throws Exception {
    TlsSettings insecure = trusting(localhost.cert()).withInsecure(true);
    try (GrpcSink plain = new GrpcSink();
        GrpcSink secure = grpcSink(localhost, null)) {
      assertThat(sendGrpc(plain, insecure)).isEqualTo(Outcome.ACCEPTED);
      assertThat(send(Protocol.GRPC, "https://localhost:" + secure.port(), insecure))
          .isEqualTo(Outcome.ACCEPTED);
    }
  }

  @Test
  void aCertificateOfSomebodyElseIsNotTrusted() throws Exception {
    try (GrpcSink sink = grpcSink(localhost, null)) {
      Outcome outcome = sendGrpc(sink, trusting(other.cert()));

      assertThat(((Outcome.Refused) outcome).code()).isEqualTo(StatusCode.UNAVAILABLE);
      assertThat(sink.received).isEmpty();
    }
  }

  @Test
  void theNameInTheCertificateIsChecked() throws Exception {
    try (GrpcSink sink = grpcSink(other, null)) {
      assertThat(sendGrpc(sink, trusting(other.cert()))).isInstanceOf(Outcome.Refused.class);
      TlsSettings named =
          new TlsSettings(false, false, other.cert(), null, null, "backend.example.com");
      assertThat(sendGrpc(sink, named)).isEqualTo(Outcome.ACCEPTED);
    }
  }

  @Test
  void insecureSkipVerifyTrustsAnything() throws Exception {
    TlsSettings skip = new TlsSettings(false, true, null, null, null, null);
    try (GrpcSink sink = grpcSink(other, null)) {
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
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(certificate.keyStore(), Certificate.PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(context));
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
