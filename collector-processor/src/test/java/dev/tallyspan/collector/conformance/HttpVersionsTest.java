package dev.tallyspan.collector.conformance;

import static dev.tallyspan.collector.conformance.StartedCollector.PROTOBUF;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.exporter.Certificate;
import dev.tallyspan.collector.server.CollectorServer;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/1.1, and clients that would prefer HTTP/2. */
class HttpVersionsTest {

  private static final byte[] CHAT = Requests.of(Requests.chat()).toByteArray();
  @TempDir private Path directory;
  private HttpBackend backend;
  private StartedCollector collector;

  @BeforeEach
  void start() throws Exception {
    backend = new HttpBackend();
    collector = StartedCollector.before(backend, directory);
  }

  @AfterEach
  void close() {
    collector.close();
    backend.close();
  }

  @Test
  @Item(11)
  @Item(15)
  void clientThatPrefersHttp2FallsBackToHttp11() throws Exception {
    HttpClient preferring = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

    HttpResponse<byte[]> response = send(preferring, "http://127.0.0.1:" + collector.httpPort());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    assertThat(backend.arrivals).hasSize(1);
  }

  @Test
  @Item(15)
  void clientThatPrefersHttp2FallsBackToHttp11OverTls() throws Exception {
    Certificate certificate = Certificate.of("localhost", directory);
    Path file =
        Files.writeString(
            directory.resolve("tls.yaml"),
            """
            receivers:
              otlp:
                protocols:
                  http:
                    endpoint: "127.0.0.1:0"
                    tls: {cert_file: "%s", key_file: "%s"}
            exporters:
              otlp_http: {endpoint: %s}
            service:
              pipelines:
                traces: {receivers: [otlp], exporters: [otlp_http]}
            """
                .formatted(certificate.cert(), certificate.key(), backend.url()));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(certificate.keyStore());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    HttpClient preferring =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).sslContext(context).build();

    try (CollectorServer server =
        CollectorServer.builder(ConfigLoader.load(file, Map.of())).start()) {
      HttpResponse<byte[]> response =
          send(preferring, "https://localhost:" + server.httpPort("otlp"));

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }
  }

  @Test
  @Item(11)
  void connectionThatBeginsWithHttp2IsRefused() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), collector.httpPort())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));

      // The end of the stream, so that the client does not wait.
      String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);

      assertThat(answer).matches("(?s)HTTP/1\\.1 4.*connection: close.*");
    }
    assertThat(collector.post(CHAT).statusCode()).isEqualTo(200);
  }

  @Test
  @Item(15)
  void exporterSpeaksHttp11() throws Exception {
    collector.post(CHAT);

    HttpBackend.Arrival arrival = backend.arrivals.get(0);
    assertThat(arrival.protocol()).isEqualTo("HTTP/1.1");
    assertThat(arrival.headers()).doesNotContainKey("Upgrade");
  }

  private static HttpResponse<byte[]> send(HttpClient client, String url) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(url + "/v1/traces"))
            .header("content-type", PROTOBUF)
            .POST(BodyPublishers.ofByteArray(CHAT))
            .build(),
        BodyHandlers.ofByteArray());
  }
}
