package dev.tallyspan.collector.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.collector.listen.ListenAddresses;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TelemetryServerTest {

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private volatile boolean live = true;
  private volatile boolean ready = true;
  private volatile Supplier<String> metrics = () -> "x 1\n";
  private TelemetryServer server;

  @BeforeEach
  void start() throws IOException {
    server = start(0);
  }

  private TelemetryServer start(int port) throws IOException {
    Health health =
        new Health() {
          @Override
          public boolean live() {
            return live;
          }

          @Override
          public boolean ready() {
            return ready;
          }
        };
    return TelemetryServer.start(
        "telemetry",
        ListenAddresses.of("localhost", port),
        new TelemetryPages(
            () -> metrics.get(),
            health,
            () ->
                StatusPage.of(
                    "T <1>",
                    health.ready(),
                    List.of(
                        new StatusPage.Table(
                            "Received",
                            List.of("a"),
                            List.of(List.of("<b>"), List.of("1,234")))))));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void theStatusIsAPageForPeople() throws Exception {
    HttpResponse<String> response = get("/status");

    assertThat(response.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
    assertThat(response.body())
        .contains("<h1>T &lt;1&gt;</h1>", "Accepts data.", "<th>a</th>", "<td>&lt;b&gt;</td>")
        .contains("<td class=\"n\">1,234</td>");
    ready = false;
    assertThat(get("/status").body()).contains("Does not accept data");
  }

  @Test
  void metricsAreText() throws Exception {
    HttpResponse<String> response = get("/metrics?name=x");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    assertThat(response.body()).isEqualTo("x 1\n");
  }

  @Test
  void readyOnlyWhileReadyAndLive() throws Exception {
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    ready = false;
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    ready = true;
    live = false;
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/livez").statusCode()).isEqualTo(503);
  }

  @Test
  void otherPathsAndMethodsAreRefused() throws Exception {
    assertThat(get("/").statusCode()).isEqualTo(404);
    HttpResponse<String> post =
        client.send(
            HttpRequest.newBuilder(uri("/metrics")).POST(BodyPublishers.ofString("x")).build(),
            BodyHandlers.ofString());
    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("allow")).contains("GET, HEAD");
  }

  @Test
  void failureIsAnsweredAndTheNextRequestWorks() throws Exception {
    metrics =
        () -> {
          throw new IllegalStateException();
        };
    assertThat(get("/metrics").statusCode()).isEqualTo(500);
    metrics = () -> "";
    assertThat(get("/metrics").statusCode()).isEqualTo(200);
  }

  @Test
  void takenPortIsNamed() {
    assertThatThrownBy(() -> start(server.port()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("telemetry endpoint=localhost/127.0.0.1:" + server.port())
        .hasMessageEndingWith("; stop the process that uses the port, or configure another port");
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }
}
