package dev.tallyspan.collector.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.config.HealthCheckConfig;
import dev.tallyspan.collector.config.ListenEndpoint;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The Collector's extension {@code health_check}. */
class HealthChecksTest {
  private static final Instant START = Instant.parse("2026-11-27T12:00:00Z");

  private final HttpClient client = HttpClient.newHttpClient();
  private volatile boolean ready = true;
  private volatile Instant now = START;
  private HealthChecks checks;

  private void start(String path, @Nullable String healthy, @Nullable String unhealthy)
      throws Exception {
    HealthCheckConfig config =
        new HealthCheckConfig(
            "health_check", new ListenEndpoint("localhost", 0), path, healthy, unhealthy);
    InstantSource clock = () -> now;
    checks = HealthChecks.start(List.of(config), () -> ready, clock);
  }

  @AfterEach
  void close() {
    checks.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create(checks.addresses().get(0)).resolve(path);
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  @Test
  void saysSinceWhenItAcceptsData() throws Exception {
    start("/", null, null);
    now = START.plusSeconds(90);

    assertThat(get("/").statusCode()).isEqualTo(200);
    assertThat(get("/").body())
        .isEqualTo(
            "{\"status\":\"Server available\",\"upSince\":\"2026-11-27T12:00:00Z\","
                + "\"uptime\":\"90s\"}");
  }

  @Test
  void answers503WhileItAcceptsNone() throws Exception {
    start("/", null, null);
    ready = false;

    assertThat(get("/").statusCode()).isEqualTo(503);
    assertThat(get("/").body()).contains("Server not available");
  }

  @Test
  void hasThePathAndTheBodiesOfTheConfiguration() throws Exception {
    start("/health", "fine", "not fine");

    assertThat(get("/health").body()).isEqualTo("fine");
    assertThat(get("/other").statusCode()).isEqualTo(404);
    ready = false;
    assertThat(get("/health").body()).isEqualTo("not fine");
  }
}
