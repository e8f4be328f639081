package dev.tallyspan.collector.server;

import static dev.tallyspan.collector.server.ServerTesting.chat;
import static dev.tallyspan.collector.server.ServerTesting.keys;
import static dev.tallyspan.collector.server.ServerTesting.request;
import static dev.tallyspan.collector.server.ServerTesting.span;
import static dev.tallyspan.collector.server.ServerTesting.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Jaeger gets from a running server, over a real socket. */
class JaegerServerTest {

  @TempDir private Path directory;
  private ServerTesting testing;

  @BeforeEach
  void start() throws Exception {
    testing = new ServerTesting();
  }

  @AfterEach
  void stop() {
    testing.close();
  }

  @Test
  void namesAreConventionalListsAreSearchableAndSumsHaveNoZeros() throws Exception {
    testing.start(
        directory,
        """
        processors: {tallyspan: }
        exporters: {otlp_http: {endpoint: BACKEND, compression: none, profile: jaeger, span_names: genai}}
        service:
          pipelines:
            traces: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_http], queue: direct}
        """);
    Span root = span("POST /chat", 9);
    Span call =
        chat().toBuilder()
            .setTraceId(root.getTraceId())
            .setParentSpanId(root.getSpanId())
            .setName("OpenAI Chat Completions")
            .addAttributes(list("gen_ai.response.finish_reasons", "stop"))
            .addAttributes(text("session.id", "s-1"))
            .build();

    assertThat(testing.post(request(root, call))).isEqualTo(200);

    await().atMost(Duration.ofSeconds(30)).until(() -> !testing.arrivals.isEmpty());
    Map<String, Span> arrived =
        testing.arrived(0).getResourceSpans(0).getScopeSpans(0).getSpansList().stream()
            .collect(Collectors.toMap(Span::getName, each -> each));
    assertThat(arrived).containsOnlyKeys("POST /chat", "chat gpt-4o");
    assertThat(text("tallyspan.search.finish_reasons", "stop"))
        .isIn(arrived.get("chat gpt-4o").getAttributesList());
    assertThat(text("tallyspan.search.models", "gpt-4o"))
        .isIn(arrived.get("POST /chat").getAttributesList());
    assertThat(keys(arrived.get("POST /chat")))
        .contains(
            "tallyspan.rollup.cost", "tallyspan.rollup.calls", "tallyspan.rollup.input_tokens")
        .doesNotContain(
            "tallyspan.rollup.errors",
            "tallyspan.rollup.cache_read_tokens",
            "tallyspan.rollup.unpriced_calls");
  }

  @Test
  void contentThatFitsIntoNoRequestIsCutAndTheRestOfTheSpanArrives() throws Exception {
    testing.start(
        directory,
        """
        processors: {tallyspan: }
        exporters: {otlp_http: {endpoint: BACKEND, compression: none, profile: jaeger}}
        service:
          pipelines:
            traces: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_http], queue: direct}
        """);
    Span call =
        chat().toBuilder()
            .setAttributes(5, text("gen_ai.input.messages", "What is asked. ".repeat(400_000)))
            .build();

    assertThat(testing.post(request(call))).isEqualTo(200);

    await().atMost(Duration.ofSeconds(30)).until(() -> !testing.arrivals.isEmpty());
    assertThat(testing.arrivals.get(0).length).isBetween(3 << 20, 4 << 20);
    assertThat(keys(ServerTesting.firstSpan(testing.arrived(0)))).contains("tallyspan.cost.total");
    assertThat(testing.metrics.prometheusText())
        .containsPattern("tallyspan_content_truncated_bytes_total\\{exporter=\"otlp_http\"} [1-9]");
  }

  private static KeyValue list(String key, String... values) {
    List<AnyValue> all = new ArrayList<>();
    for (String value : values) {
      all.add(AnyValue.newBuilder().setStringValue(value).build());
    }
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addAllValues(all)))
        .build();
  }
}
