package dev.tallyspan.collector.server;

import static dev.tallyspan.collector.server.ServerTesting.chat;
import static dev.tallyspan.collector.server.ServerTesting.request;
import static dev.tallyspan.collector.server.ServerTesting.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processors that drop spans, in pipelines, over real sockets. */
class DroppingServerTest {

  private static final String YAML =
      """
      processors:
        tallyspan: {window: false}
        tallyspan/window: {window: {wait: 100ms, wait_after_root: 100ms}}
        filter/health:
          error_mode: ignore
          traces: {span: ['name == "GET /health"']}
        filter/cheap:
          trace_conditions: ['span.attributes["tallyspan.cost.total"] < 1']
        probabilistic_sampler: {sampling_percentage: 50}
      exporters:
        otlp_http/a: {endpoint: BACKEND, compression: none}
        otlp_http/b: {endpoint: BACKEND, compression: none}
      service:
        pipelines:
          traces:
            receivers: [otlp]
            processors: [%s]
            exporters: [otlp_http/a, otlp_http/b]
            queue: %s
      """;

  @TempDir private Path directory;
  private ServerTesting testing;

  @BeforeEach
  void startBackend() throws Exception {
    testing = new ServerTesting();
  }

  @AfterEach
  void stop() {
    testing.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "filter/health, tallyspan | direct",
        "filter/health, tallyspan | memory",
        "tallyspan, filter/health | direct",
        "filter/health, tallyspan/window | memory",
        "tallyspan/window, filter/health | memory",
        "tallyspan, filter/health | memory",
        "filter/health            | direct",
        "filter/health            | memory",
      })
  void droppedSpansReachNoBackendAndTheSenderIsAnswered(String processors, String queue)
      throws Exception {
    testing.start(directory, YAML.formatted(processors, queue));

    assertThat(testing.post(request(span("GET /health", 1), chat(), span("GET /", 2))))
        .isEqualTo(200);
    assertThat(testing.post(request(span("GET /health", 3)))).isEqualTo(200);

    // A window sends the spans of each trace by themselves.
    await().until(() -> names().size() >= 4);
    testing.closeServer();
    assertThat(names()).containsExactlyInAnyOrder("chat gpt-4o", "GET /", "chat gpt-4o", "GET /");
  }

  @Test
  void filterAfterTallyspanSeesWhatItWrote() throws Exception {
    testing.start(directory, YAML.formatted("tallyspan, filter/cheap", "direct"));

    testing.post(request(chat(), span("GET /", 2)));

    assertThat(names(0)).containsExactly("GET /");
  }

  @Test
  void sampledSpansCarryTheThreshold() throws Exception {
    testing.start(directory, YAML.formatted("probabilistic_sampler", "direct"));

    // The last bytes of the trace id are the random bits: only one is high enough.
    Span low = span("low", 1);
    Span high =
        low.toBuilder()
            .setName("high")
            .setTraceId(ByteString.fromHex("00000000000000000080000000000000"))
            .build();
    assertThat(testing.post(request(low, high))).isEqualTo(200);

    assertThat(names(0)).containsExactly("high");
    assertThat(ServerTesting.firstSpan(testing.arrived(0)).getTraceState()).isEqualTo("ot=th:8");
    assertThat(testing.metrics.prometheusText())
        .containsPattern(
            "otelcol_processor_probabilistic_sampler_count_traces_sampled_total\\{"
                + "policy=\"trace_id_w3c\",processor=\"probabilistic_sampler\",sampled=\"false\"\\} 1");
  }

  private List<String> names() throws Exception {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < testing.arrivals.size(); i++) {
      names.addAll(names(i));
    }
    return names;
  }

  private List<String> names(int arrival) throws Exception {
    List<String> names = new ArrayList<>();
    testing.arrived(arrival).getResourceSpans(0).getScopeSpansList().stream()
        .flatMap(scope -> scope.getSpansList().stream())
        .forEach(span -> names.add(span.getName()));
    return names;
  }
}
