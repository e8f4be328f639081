package dev.tallyspan.sdk.it;

import static dev.tallyspan.sdk.it.Spans.count;
import static dev.tallyspan.sdk.it.Spans.decimal;
import static dev.tallyspan.sdk.it.Spans.has;
import static dev.tallyspan.sdk.it.Spans.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j with the bridge, the tracing API, and the extension in one JVM, without an agent. */
class LangChain4jSessionIT {

  @TempDir static Path directory;

  private static Spans spans;
  private static String output;

  @BeforeAll
  static void run() throws Exception {
    try (FakeProviders provider = new FakeProviders();
        OtlpReceiver backend = new OtlpReceiver()) {
      List<String> options =
          List.of(
              "-Dotel.exporter.otlp.protocol=http/protobuf",
              "-Dotel.exporter.otlp.endpoint=" + backend.endpoint(),
              "-Dotel.metrics.exporter=none",
              "-Dotel.logs.exporter=none");
      String classPath =
          String.join(
              File.pathSeparator,
              ChildJvm.thinJars(),
              ChildJvm.apiJarsBesideThinJars(),
              ChildJvm.applicationClassPath());
      output =
          ChildJvm.run(directory, options, classPath, LangChain4jSession.class, provider.baseUrl());
      spans = new Spans(backend.spans());
    }
  }

  @Test
  void serviceWithModelToolAndModel() {
    List<Span> calls = spans.calls("service");

    assertThat(calls)
        .extracting(Span::getName)
        .containsExactly(
            "invoke_agent Assistant",
            "chat gpt-4o-mini",
            "execute_tool get_weather",
            "chat gpt-4o-mini");
    isPriced(calls.get(1), "0.0000195");
    // 93 x 0.15 + 1024 x 0.075 + 463 x 0.60
    isPriced(calls.get(3), "0.00036855");
    assertThat(text(calls.get(2), "gen_ai.tool.call.arguments")).contains("Paris");
    assertThat(text(calls.get(2), "gen_ai.tool.call.result")).contains("sunny");
    assertThat(count(calls.get(0), "tallyspan.rollup.calls")).isEqualTo(2);
    assertThat(count(calls.get(0), "tallyspan.rollup.input_tokens")).isEqualTo(1167);
    haveIdentity(calls);
  }

  @Test
  void streamingServiceWithModelToolAndModel() {
    List<Span> calls = spans.calls("streaming service");

    assertThat(calls)
        .extracting(Span::getName)
        .containsExactly(
            "invoke_agent StreamingAssistant",
            "chat gpt-4o-mini",
            "execute_tool get_weather",
            "chat gpt-4o-mini");
    isPriced(calls.get(1), "0.0000195");
    isPriced(calls.get(3), "0.00023205");
    assertThat(List.of(calls.get(1), calls.get(3)))
        .allMatch(chat -> has(chat, "gen_ai.response.time_to_first_chunk"));
    assertThat(count(calls.get(0), "tallyspan.rollup.calls")).isEqualTo(2);
    haveIdentity(calls);
  }

  @Test
  void streamedChat() {
    Span chat = spans.call("stream");

    isPriced(chat, "0.00023205");
    assertThat(text(chat, "gen_ai.input.messages")).contains("How is the weather?");
    assertThat(text(chat, "gen_ai.output.messages")).contains("It is sunny.");
    assertThat(has(chat, "gen_ai.response.time_to_first_chunk")).isTrue();
    haveIdentity(List.of(chat));
  }

  @Test
  void embeddings() {
    isPriced(spans.call("embeddings"), "0.00016382");
  }

  @Test
  void chatThatTheApiHasPricedIsLeftAsItIs() {
    Span chat = spans.call("api");

    assertThat(output).contains("cost in the call: 0.00645");
    isPriced(chat, "0.00645");
    assertThat(count(spans.root("api"), "tallyspan.rollup.calls")).isEqualTo(1);
    assertThat(decimal(spans.root("api"), "tallyspan.rollup.cost")).isEqualTo(0.00645);
  }

  private static void isPriced(Span span, String cost) {
    assertThat(text(span, "tallyspan.cost.status")).isEqualTo("priced");
    assertThat(text(span, "tallyspan.cost.total_exact")).isEqualTo(cost);
  }

  private static void haveIdentity(List<Span> calls) {
    assertThat(calls)
        .allSatisfy(
            call -> {
              assertThat(text(call, "session.id")).isEqualTo("s-42");
              assertThat(text(call, "user.id")).isEqualTo("u-7");
            });
  }
}
