package dev.tallyspan.sdk.it;

import static dev.tallyspan.sdk.it.Spans.count;
import static dev.tallyspan.sdk.it.Spans.has;
import static dev.tallyspan.sdk.it.Spans.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The Java agent with the extension, in an application that uses the bridges and the tracing API:
 * whoever writes the span of a call, it is complete, and priced once. Costs are those of the
 * providers' price lists, in USD per million tokens.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AgentSessionIT {

  /** One JVM each, which makes all calls. */
  enum Setup {
    NEWEST_WITH_PROPERTIES,
    NEWEST_WITH_FILE,
    OLDEST
  }

  @TempDir Path directory;

  private final Map<Setup, Spans> runs = new EnumMap<>(Setup.class);

  @ParameterizedTest
  @EnumSource
  void chat(Setup setup) throws Exception {
    Span chat = run(setup).call("openai chat");

    // 93 x 0.15 + 1024 x 0.075 + 463 x 0.60
    isPriced(chat, "0.00036855");
    hasMessages(chat, "How is the weather?", "It is sunny.");
    assertThat(count(chat, "gen_ai.usage.reasoning.output_tokens")).isEqualTo(400);
    assertThat(text(chat, "gen_ai.response.model")).isEqualTo("gpt-4o-mini-2024-07-18");
  }

  @ParameterizedTest
  @EnumSource
  void streamedChat(Setup setup) throws Exception {
    Span chat = run(setup).call("openai stream");

    // 7 x 0.15 + 1024 x 0.075 + 257 x 0.60
    isPriced(chat, "0.00023205");
    hasMessages(chat, "How is the weather?", "It is sunny.");
    assertThat(has(chat, "gen_ai.request.stream")).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void callOfTool(Setup setup) throws Exception {
    Span chat = run(setup).call("openai tools");

    // 50 x 0.15 + 20 x 0.60
    isPriced(chat, "0.0000195");
    hasMessages(chat, "How is the weather?", "\"type\":\"tool_call\"");
    assertThat(text(chat, "gen_ai.output.messages")).contains("\"arguments\":{\"city\":\"Paris\"}");
  }

  @ParameterizedTest
  @EnumSource
  void embeddings(Setup setup) throws Exception {
    // 8191 x 0.02
    isPriced(run(setup).call("openai embeddings"), "0.00016382");
  }

  /** The agent has no instrumentation of the Responses API; the bridge traces it. */
  @ParameterizedTest
  @EnumSource
  void responses(Setup setup) throws Exception {
    Span response = run(setup).call("openai response");
    Span streamed = run(setup).call("openai streamed response");

    // 464 x 1.25 + 1536 x 0.125 + 300 x 10
    isPriced(response, "0.003772");
    isPriced(streamed, "0.003772");
    hasMessages(response, "How is the weather?", "\"type\":\"tool_call\"");
    hasMessages(streamed, "How is the weather?", "\"type\":\"tool_call\"");
    assertThat(has(streamed, "gen_ai.response.time_to_first_chunk")).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void refusedCall(Setup setup) throws Exception {
    Span refused = run(setup).call("openai error");

    assertThat(refused.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
    assertThat(text(refused, "error.type")).isNotEmpty();
    assertThat(text(refused, "tallyspan.cost.status")).isEqualTo("not_billable");
    assertThat(has(refused, "tallyspan.cost.total")).isFalse();
    hasText(refused, "gen_ai.input.messages", "How is the weather?");
  }

  @ParameterizedTest
  @EnumSource
  void anthropic(Setup setup) throws Exception {
    Span chat = run(setup).call("anthropic chat");
    Span streamed = run(setup).call("anthropic stream");

    for (Span span : List.of(chat, streamed)) {
      // 10 x 3 + 2870 x 0.30 + 200 x 3.75 + 100 x 6 + 503 x 15
      isPriced(span, "0.009786");
      hasMessages(span, "How is the weather?", "It is sunny.");
      assertThat(count(span, "gen_ai.usage.input_tokens")).isEqualTo(3180);
      assertThat(count(span, "tallyspan.usage.cache_write_1h.input_tokens")).isEqualTo(100);
    }
    assertThat(has(streamed, "gen_ai.response.time_to_first_chunk")).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void anthropicCallOfTool(Setup setup) throws Exception {
    Span chat = run(setup).call("anthropic tools");

    // 50 x 3 + 20 x 15
    isPriced(chat, "0.00045");
    hasText(chat, "gen_ai.tool.definitions", "get_weather");
    hasText(chat, "gen_ai.output.messages", "\"arguments\":{\"city\":\"Paris\"}");
  }

  /** Beside a newer API than the oldest agent's, anthropic-java writes spans itself. */
  @ParameterizedTest
  @EnumSource(names = "OLDEST", mode = EnumSource.Mode.EXCLUDE)
  void spansOfAnthropicItselfArePriced(Setup setup) throws Exception {
    Span chat = run(setup).call("anthropic without bridge");

    assertThat(chat.getName()).isEqualTo("anthropic.messages.create");
    isPriced(chat, "0.009786");
  }

  @ParameterizedTest
  @EnumSource
  void agentWithModelToolAndModel(Setup setup) throws Exception {
    List<Span> calls = run(setup).calls("agent");

    assertThat(calls)
        .extracting(Span::getName)
        .containsExactly(
            "invoke_agent travel",
            "chat gpt-4o-mini",
            "execute_tool get_weather",
            "chat gpt-4o-mini");
    Span agent = calls.get(0);
    assertThat(calls.subList(1, 4))
        .extracting(Span::getParentSpanId)
        .containsOnly(agent.getSpanId());
    assertThat(calls)
        .allSatisfy(
            call -> {
              assertThat(text(call, "session.id")).isEqualTo("s-42");
              assertThat(text(call, "user.id")).isEqualTo("u-7");
            });
    isPriced(calls.get(1), "0.0000195");
    isPriced(calls.get(3), "0.00023205");
    hasText(calls.get(2), "gen_ai.tool.call.result", "sunny");
    hasText(calls.get(3), "gen_ai.input.messages", "\"type\":\"tool_call_response\"");
    assertThat(count(agent, "tallyspan.rollup.calls")).isEqualTo(2);
    assertThat(count(agent, "tallyspan.rollup.input_tokens")).isEqualTo(1081);
    assertThat(count(agent, "tallyspan.rollup.output_tokens")).isEqualTo(277);
  }

  @ParameterizedTest
  @EnumSource
  void identityFromBaggage(Setup setup) throws Exception {
    Span chat = run(setup).call("baggage");

    assertThat(text(chat, "session.id")).isEqualTo("s-43");
    assertThat(text(chat, "user.id")).isEqualTo("u-8");
  }

  @ParameterizedTest
  @EnumSource
  void chatByTheTracingApi(Setup setup) throws Exception {
    Span chat = run(setup).call("api");

    // 1000 x 2.50 + 3000 x 1.25 + 20 x 10
    isPriced(chat, "0.00645");
    hasMessages(chat, "How is the weather?", "It is sunny.");
  }

  @ParameterizedTest
  @EnumSource
  void spansOfHttpClientsAreLeftAsTheyAre(Setup setup) throws Exception {
    List<Span> requests = run(setup).named("POST");

    assertThat(requests).isNotEmpty();
    for (Span request : requests) {
      assertThat(request.getAttributesList())
          .extracting(KeyValue::getKey)
          .noneMatch(key -> key.startsWith("tallyspan.") || key.startsWith("gen_ai."));
    }
  }

  private static void isPriced(Span span, String cost) {
    assertThat(text(span, "tallyspan.cost.status")).isEqualTo("priced");
    assertThat(text(span, "tallyspan.cost.total_exact")).isEqualTo(cost);
    assertThat(text(span, "tallyspan.cost.currency")).isEqualTo("USD");
  }

  private static void hasMessages(Span span, String input, String output) {
    hasText(span, "gen_ai.input.messages", input);
    hasText(span, "gen_ai.output.messages", output);
  }

  private static void hasText(Span span, String key, String part) {
    assertThat(text(span, key)).as(key).contains(part);
  }

  private Spans run(Setup setup) throws Exception {
    // That agent does not know newer class files, and instruments nothing there.
    assumeTrue(setup != Setup.OLDEST || Runtime.version().feature() <= 23);
    if (!runs.containsKey(setup)) {
      runs.put(setup, start(setup));
    }
    return runs.get(setup);
  }

  private Spans start(Setup setup) throws Exception {
    try (FakeProviders providers = new FakeProviders();
        OtlpReceiver backend = new OtlpReceiver()) {
      List<String> options = new ArrayList<>();
      options.add(
          "-javaagent:"
              + (setup == Setup.OLDEST
                  ? System.getProperty("tallyspan.javaagent.oldest")
                  : ChildJvm.JAVAAGENT));
      options.add("-Dotel.javaagent.extensions=" + ChildJvm.AGENT_EXTENSION);
      options.addAll(
          setup == Setup.NEWEST_WITH_FILE
              ? List.of("-Dotel.config.file=" + configuration(backend))
              : properties(backend));
      String classPath = ChildJvm.apiJars() + File.pathSeparator + ChildJvm.applicationClassPath();

      String output =
          ChildJvm.run(directory, options, classPath, AgentSession.class, providers.baseUrl());

      assertThat(output).contains("refused with 429").doesNotContain("dev.tallyspan");
      return new Spans(backend.spans());
    }
  }

  private static List<String> properties(OtlpReceiver backend) {
    return List.of(
        "-Dotel.exporter.otlp.protocol=http/protobuf",
        "-Dotel.exporter.otlp.endpoint=" + backend.endpoint(),
        "-Dotel.metrics.exporter=none",
        "-Dotel.logs.exporter=none",
        "-Dotel.instrumentation.genai.capture-message-content=true",
        "-Dotel.tallyspan.identity.baggage=session.id,user.id");
  }

  private Path configuration(OtlpReceiver backend) throws IOException {
    return Files.writeString(
        directory.resolve("otel.yaml"),
        """
          file_format: "1.2"
          tracer_provider:
            processors:
              - tallyspan: {identity: {baggage: [session.id, user.id]}}
              - batch: {exporter: {otlp_http: {endpoint: '%s/v1/traces'}}}
          logger_provider:
            processors:
              - tallyspan:
          instrumentation/development:
            java:
              common:
                gen_ai: {capture_message_content: true}
          """
            .formatted(backend.endpoint()));
  }
}
