package dev.tallyspan.semconv.internal.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import org.junit.jupiter.api.Test;

class OpenLitDialectTest {

  @Test
  void toolCallsJoinedByCommasOnAChatAreNoToolThatRuns() {
    LlmSpan llm =
        chat()
            .with("gen_ai.tool.name", "get_weather, get_weather")
            .with("gen_ai.tool.call.id", "c1, c2")
            .with("gen_ai.tool.args", "{\"city\":\"Paris\"}, {\"city\":\"London\"}")
            .read();
    assertThat(llm.operation()).isEqualTo("chat");
    assertThat(llm.toolName()).isNull();
    assertThat(llm.toolCallArguments()).isNull();
    assertThat(llm.dialects()).contains("openlit");
  }

  @Test
  void toolThatRunsKeepsItsName() {
    LlmSpan llm =
        TestSpan.span("execute_tool get_weather")
            .with("telemetry.sdk.name", "openlit")
            .with("gen_ai.operation.name", "execute_tool")
            .with("gen_ai.tool.name", "get_weather")
            .with("gen_ai.tool.args", "{\"city\":\"Paris\"}")
            .read();
    assertThat(llm.toolName()).isEqualTo("get_weather");
    assertThat(llm.toolCallArguments().asString()).contains("Paris");
  }

  @Test
  void anthropicsInputIsExclusive() {
    TokenUsage usage =
        chat()
            .with("gen_ai.provider.name", "anthropic")
            .with("gen_ai.request.model", "claude-sonnet-4-5")
            .with("gen_ai.usage.input_tokens", 900)
            .with("gen_ai.usage.output_tokens", 9)
            .with("gen_ai.usage.cache_read.input_tokens", 800)
            .read()
            .usage();
    assertThat(usage.input()).isEqualTo(1700);
    assertThat(usage.semantics()).isEqualTo(TokenUsage.Semantics.PRESUMED_EXCLUSIVE);
  }

  @Test
  void estimateThatKnowsNoCacheIsNotReported() {
    TestSpan span =
        chat().with("gen_ai.usage.cost", 0.0074375).with("gen_ai.usage.input_tokens", 9);
    assertThat(span.read().reportedCost()).isNotNull();
    assertThat(span.with("gen_ai.usage.cache_read.input_tokens", 5).read().reportedCost()).isNull();
  }

  @Test
  void spanOfAnSdkInTheSameProcessKeepsItsInclusiveCounts() {
    LlmSpan llm =
        TestSpan.span("anthropic.messages.create")
            .resource("telemetry.sdk.name", "openlit")
            .with("gen_ai.operation.name", "chat")
            .with("gen_ai.provider.name", "anthropic")
            .with("gen_ai.request.model", "claude-sonnet-4-5")
            .with("anthropic.request.id", "req_1")
            .with("gen_ai.usage.input_tokens", 2880)
            .with("gen_ai.usage.output_tokens", 24)
            .with("gen_ai.usage.cache_read.input_tokens", 2870)
            .read();
    assertThat(llm.usage().input()).isEqualTo(2880);
    assertThat(llm.dialects()).doesNotContain("openlit");
  }

  @Test
  void sentinelsAreDropped() {
    assertThat(chat().with("gen_ai.request.max_tokens", -1).read().get(Slot.MAX_TOKENS)).isNull();
  }

  private static TestSpan chat() {
    return TestSpan.chat().with("telemetry.sdk.name", "openlit");
  }
}
