package dev.tallyspan.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.exporter.Endpoint;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceUrlsTest {

  @ParameterizedTest
  @CsvSource({
    "https://cloud.langfuse.com/api/public/otel, https://cloud.langfuse.com/trace/{traceId}",
    "http://localhost:3000/api/public/otel/v1/traces, http://localhost:3000/trace/{traceId}",
    "https://example.com/lf/api/public/otel, https://example.com/lf/trace/{traceId}",
    "http://phoenix.internal:6006, http://phoenix.internal:6006/redirects/traces/{traceId}",
  })
  void pathOrPortNamesTheBackend(String endpoint, String url) {
    assertThat(of(endpoint, Map.of())).isEqualTo(url);
  }

  @Test
  void experimentNamesMlflow() {
    assertThat(of("http://127.0.0.1:5000", Map.of("x-mlflow-experiment-id", "2")))
        .isEqualTo(
            "http://127.0.0.1:5000/#/experiments/2/traces?selectedEvaluationId=tr-{traceId}");
    assertThat(of("http://127.0.0.1:5000", Map.of("x-mlflow-experiment-id", "2/<script>")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:4317, 16686, http://127.0.0.1:16686/trace/{traceId}",
    "127.0.0.1:4317, 16686, http://127.0.0.1:16686/trace/{traceId}",
    "http://127.0.0.1:4318, 6006, http://127.0.0.1:6006/redirects/traces/{traceId}",
    "http://127.0.0.1:4318, 3000, ''",
  })
  void portOfThePagesNamesABackendOnThisMachine(String endpoint, int pages, String url) {
    assertThat(of(endpoint, Map.of(), pages)).isEqualTo(url);
  }

  @Test
  void backendElsewhereIsNotAskedForItsPages() {
    assertThat(of("http://192.0.2.1:4317", Map.of(), 16686)).isEmpty();
    assertThat(of("https://127.0.0.1:4317", Map.of(), 16686)).isEmpty();
  }

  private static String of(String endpoint, Map<String, String> headers, Integer... ports) {
    return new TraceUrls(at -> Set.of(ports).contains(at.port()))
        .of(Endpoint.parse(endpoint, 4317), headers)
        .orElse("");
  }
}
