package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.semconv.content.ContentMode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewerConfigTest {

  private static final String FILE =
      """
      receivers: {otlp: {protocols: {http: }}}
      processors: {tallyspan: }
      exporters: {otlp_http: {endpoint: "http://backend.example:4318"%s}}
      service: {pipelines: {traces: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_http]}}}
      """;

  @Test
  void fileHasAViewerOnlyIfItSaysSo() throws Exception {
    assertThat(load("", "").viewer()).isNull();
  }

  @Test
  void everyKeyIsRead() throws Exception {
    ViewerConfig viewer =
        load(
                "",
                """
                viewer:
                  endpoint: "0.0.0.0:9000"
                  token_env: VIEWER_TOKEN
                  max_size: 64MiB
                  max_age: 2h
                  storage: true
                  content_policy: metadata
                  links: {Jaeger: "http://localhost:16686/trace/{traceId}"}
                """)
            .viewer();

    assertThat(viewer.endpoint()).hasToString("0.0.0.0:9000");
    assertThat(viewer.token()).isEqualTo("a-token-of-23-characters");
    assertThat(viewer.maxBytes()).isEqualTo(64L << 20);
    assertThat(viewer.maxAge()).isEqualTo(Duration.ofHours(2));
    assertThat(viewer.stored()).isTrue();
    assertThat(viewer.contentMode()).isEqualTo("metadata");
    assertThat(viewer.links()).containsOnlyKeys("Jaeger");
    assertThat(viewer).asString().doesNotContain("token");
  }

  @Test
  void tracesAreKeptOnlyIfTheFileSaysSoAndThereIsADirectory() throws Exception {
    assertThat(load("", "viewer: {max_age: 1h}").viewer().stored()).isFalse();

    CollectorConfig kept = load("", "viewer: {storage: true}");

    assertThatThrownBy(() -> kept.withDataDirectory(null))
        .hasMessageContaining("viewer.storage: traces that are kept need a data directory");
    assertThat(kept.withDataDirectory(java.nio.file.Path.of("data")).viewer().stored()).isTrue();
  }

  @Test
  void withoutAPolicyOfItsOwnItShowsWhatTheBackendsGet() throws Exception {
    assertThat(load(", content_policy: redacted", "viewer: {max_age: 1h}").viewer().policy().mode())
        .isEqualTo(ContentMode.REDACTED);
    assertThat(
            load(", content_policy: redacted", "viewer: {content_policy: full}").viewer().policy())
        .isNull();
    assertThat(load("", "viewer: {max_age: 1h}").viewer().policy()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{endpoint: here} | viewer.endpoint: not a valid address",
        "{token_env: SHORT} | viewer.token_env: the token must have at least 16 characters",
        "{links: {x: 'ftp://a/{traceId}'}} | viewer.links.x: must be a URL that contains {traceId}",
        "{max_age: 0s} | viewer.max_age: must be more than 0",
        "{colour: red} | viewer.colour"
      })
  void faultIsNamedWithItsPlace(String viewer, String message) {
    assertThatThrownBy(() -> load("", "viewer: " + viewer))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  @Test
  void withoutAFileThereIsAViewerUnlessABackendIsSet() throws Exception {
    assertThat(EnvironmentConfig.from(Map.of()).viewer()).isEqualTo(ViewerConfig.DEFAULT);
    assertThat(EnvironmentConfig.from(Map.of("TALLYSPAN_VIEWER_ENDPOINT", "none")).viewer())
        .isNull();
    String backend = "OTEL_EXPORTER_OTLP_ENDPOINT";
    assertThat(EnvironmentConfig.from(Map.of(backend, "http://b.example:4318")).viewer()).isNull();
    assertThat(
            EnvironmentConfig.from(
                    Map.of(backend, "http://b.example:4318", "TALLYSPAN_VIEWER_ENDPOINT", ":9000"))
                .viewer()
                .endpoint()
                .port())
        .isEqualTo(9000);
  }

  @Test
  void variablesAreChecked() {
    assertThatThrownBy(() -> EnvironmentConfig.from(Map.of("TALLYSPAN_VIEWER_TOKEN", "short")))
        .hasMessageContaining("TALLYSPAN_VIEWER_TOKEN: must have at least 16 characters");
    assertThatThrownBy(() -> EnvironmentConfig.from(Map.of("TALLYSPAN_VIEWER_ENDPOINT", "here")))
        .hasMessageContaining("TALLYSPAN_VIEWER_ENDPOINT: not a valid address");
  }

  private static CollectorConfig load(String exporter, String more) throws ConfigException {
    return ConfigLoader.parse(
        "test.yaml",
        FILE.formatted(exporter) + more,
        Map.of("VIEWER_TOKEN", "a-token-of-23-characters", "SHORT", "short"));
  }
}
