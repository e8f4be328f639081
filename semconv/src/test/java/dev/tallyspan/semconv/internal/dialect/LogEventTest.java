package dev.tallyspan.semconv.internal.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart.Text;
import dev.tallyspan.semconv.MessagePart.ToolCall;
import dev.tallyspan.semconv.MessagePart.ToolCallResponse;
import dev.tallyspan.semconv.TestLog;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.read.MessageParser;
import dev.tallyspan.semconv.read.Normalizer;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class LogEventTest {

  private static final Normalizer NORMALIZER = Normalizer.create();

  private static final Map<String, Object> WEATHER_CALL =
      Map.of(
          "id",
          "c1",
          "type",
          "function",
          "function",
          Map.of("name", "weather", "arguments", "{\"city\":\"Paris\"}"));

  @Test
  void messageInTheBodyIsWrittenUnderTheCurrentName() {
    Map<String, Object> out =
        TestLog.event("gen_ai.user.message")
            .with("gen_ai.system", "az.ai.inference")
            .body(Map.of("content", "Weather?"))
            .changes();
    assertThat(out)
        .containsOnlyKeys("gen_ai.input.messages", "gen_ai.provider.name", "tallyspan.dialect")
        .containsEntry(
            "gen_ai.input.messages",
            "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Weather?\"}]}]")
        .containsEntry("gen_ai.provider.name", "azure.ai.inference")
        .containsEntry("tallyspan.dialect", List.of("otel-legacy"));
  }

  @Test
  void eventNameInTheRecordsOwnField() {
    LlmSpan llm =
        TestLog.named("gen_ai.system.message").body(Map.of("content", "Be brief.")).read();
    assertThat(llm.inputMessages()).containsExactly(Message.text("system", "Be brief."));
  }

  @Test
  void choiceIsOutputWithItsReason() {
    Map<String, Object> out =
        TestLog.event("gen_ai.choice")
            .with("gen_ai.provider.name", "openai")
            .body(
                Map.of(
                    "index",
                    0,
                    "finish_reason",
                    "tool_calls",
                    "message",
                    Map.of("tool_calls", List.of(WEATHER_CALL))))
            .changes();
    assertThat(out)
        .doesNotContainKeys("gen_ai.input.messages", "gen_ai.operation.name")
        .containsEntry("gen_ai.response.finish_reasons", List.of("tool_call"));
    assertThat(MessageParser.parse((String) out.get("gen_ai.output.messages")))
        .flatExtracting(Message::parts)
        .containsExactly(
            new ToolCall("c1", "weather", TestSpan.value(Map.of("city", "Paris")), Map.of()));
  }

  @Test
  void toolMessagesOfACall() {
    assertThat(
            TestLog.event("gen_ai.assistant.message")
                .body(Map.of("tool_calls", List.of(WEATHER_CALL)))
                .read()
                .inputMessages())
        .extracting(Message::role)
        .containsExactly("assistant");
    assertThat(
            TestLog.event("gen_ai.tool.message")
                .body(Map.of("id", "c1", "content", "sunny"))
                .read()
                .inputMessages())
        .containsExactly(
            new Message("tool", List.of(new ToolCallResponse("c1", Value.of("sunny"), Map.of()))));
  }

  @Test
  void payloadAsAttributes() {
    LlmSpan llm =
        TestLog.event("gen_ai.user.message")
            .with("content", "Weather?")
            .body("gen_ai.user.message")
            .read();
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "Weather?"));
  }

  @Test
  void payloadAsJsonTextInAnAttribute() {
    LlmSpan llm =
        TestLog.event("gen_ai.choice")
            .with("gen_ai.event.content", "{\"index\":0,\"message\":{\"content\":\"Sunny.\"}}")
            .body(Map.of())
            .read();
    assertThat(llm.outputMessages()).containsExactly(Message.text("assistant", "Sunny."));
  }

  @Test
  void payloadAsJsonTextInTheBody() {
    LlmSpan llm = TestLog.event("gen_ai.user.message").body("{\"content\":\"Weather?\"}").read();
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "Weather?"));
  }

  @Test
  void messageWithoutContentGivesNone() {
    assertThat(
            TestLog.event("gen_ai.user.message")
                .with("gen_ai.system", "openai")
                .body(Map.of())
                .changes())
        .containsOnlyKeys("gen_ai.provider.name", "tallyspan.dialect");
  }

  @Test
  void detailsThatAreCurrentStayAsTheyCame() {
    Object messages =
        List.of(
            Map.of(
                "role", "user", "parts", List.of(Map.of("type", "text", "content", "Weather?"))));
    Map<String, Object> out =
        TestLog.named("gen_ai.client.inference.operation.details")
            .with("gen_ai.provider.name", "openai")
            .with("gen_ai.input.messages", messages)
            .changes();
    assertThat(out).containsOnlyKeys("tallyspan.dialect");
    assertThat(out).containsEntry("tallyspan.dialect", List.of("otel"));
  }

  @Test
  void detailsInTheBodyBecomeAttributes() {
    LlmSpan llm =
        TestLog.named("gen_ai.client.inference.operation.details")
            .body(
                Map.of(
                    "gen_ai.system_instructions",
                    "Be brief.",
                    "gen_ai.output.messages",
                    "[{\"role\":\"assistant\",\"content\":\"Sunny.\"}]"))
            .read();
    assertThat(llm.systemInstructions()).containsExactly(new Text("Be brief."));
    assertThat(llm.outputMessages()).containsExactly(Message.text("assistant", "Sunny."));
  }

  @Test
  void requestThatClaudeCodeLogsIsACall() {
    LlmSpan llm =
        TestLog.event("api_request")
            .scope("com.anthropic.claude_code.events")
            .with("model", "claude-sonnet-4-5-20250929")
            .with("input_tokens", "1676")
            .with("output_tokens", "27")
            .with("cache_read_tokens", 0)
            .with("cache_creation_tokens", 27192)
            .with("cost_usd", 0.107403)
            .with("request_id", "req_1")
            .with("session.id", "s1")
            .body("claude_code.api_request")
            .read();
    assertThat(llm.operation()).isEqualTo("chat");
    assertThat(llm.provider()).isEqualTo("anthropic");
    assertThat(llm.usage().input()).isEqualTo(28868);
    assertThat(llm.billing()).isEqualTo(Billing.CALL);
    assertThat(llm.reportedCost()).isNull();
  }

  @Test
  void responseThatCodexLogsAsCompleteIsACall() {
    TestLog log =
        TestLog.event("codex.sse_event")
            .with("event.kind", "response.completed")
            .with("model", "gpt-5-codex")
            .with("input_token_count", 1000)
            .with("cached_token_count", 800)
            .with("output_token_count", 50)
            .with("reasoning_token_count", 20)
            .with("conversation.id", "c1");
    LlmSpan llm = log.read();
    assertThat(llm.operation()).isEqualTo("chat");
    assertThat(llm.usage().disjointCounts())
        .isEqualTo(Map.of("input", 200L, "cache_read", 800L, "output", 30L, "reasoning", 20L));
    assertThat(llm.conversationId()).isEqualTo("c1");
    assertThat(llm.billing()).isEqualTo(Billing.CALL);
    assertThat(log.with("event.kind", "response.output_text.delta").read()).isNull();
  }

  @Test
  void otherRecordsAreNotRead() {
    assertThat(TestLog.event("gen_ai.evaluation.result").with("gen_ai.system", "x").read())
        .isNull();
    assertThat(TestLog.event("api_request").with("gen_ai.system", "x").read()).isNull();
    assertThat(TestLog.named("").body("gen_ai.user.message").read()).isNull();
  }

  @Test
  void viewThatThrowsIsNoLlmEvent() {
    TestLog log = new TestLog("gen_ai.user.message", Value.of("x"), TestSpan.broken());
    assertThat(log.read()).isNull();
  }

  @Property(tries = 300)
  void processingTwiceIsProcessingOnce(
      @ForAll("names") String name,
      @ForAll("payloads") Map<String, Object> attributes,
      @ForAll("payloads") Map<String, Object> body) {
    TestLog log = TestLog.event(name).body(body);
    attributes.forEach(log::with);

    Map<String, Object> once = log.changes(NORMALIZER);
    once.forEach(log::with);

    assertThat(once).containsKey("tallyspan.dialect");
    assertThat(NORMALIZER.readLog(log).faults()).isEmpty();
    assertThat(log.changes(NORMALIZER)).isEmpty();
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of(
        "gen_ai.user.message",
        "gen_ai.assistant.message",
        "gen_ai.tool.message",
        "gen_ai.choice",
        "gen_ai.client.inference.operation.details");
  }

  @Provide
  Arbitrary<Map<String, Object>> payloads() {
    Arbitrary<String> keys =
        Arbitraries.of(
            "content",
            "message",
            "tool_calls",
            "id",
            "index",
            "finish_reason",
            "role",
            "gen_ai.event.content",
            "gen_ai.system",
            "gen_ai.input.messages");
    Arbitrary<Object> values =
        Arbitraries.of(
            "text",
            "",
            "[{\"text\":\"a\"}]",
            "{\"content\":\"b\"",
            3L,
            -1.5,
            true,
            List.of(WEATHER_CALL),
            Map.of("content", "c"),
            Map.of());
    return Arbitraries.maps(keys, values).ofMaxSize(6);
  }
}
