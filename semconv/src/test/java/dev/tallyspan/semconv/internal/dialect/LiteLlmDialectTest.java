package dev.tallyspan.semconv.internal.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import org.junit.jupiter.api.Test;

class LiteLlmDialectTest {

  @Test
  void completionIsAChatWithIndexedMessages() {
    LlmSpan llm =
        TestSpan.span("litellm_request")
            .scope("litellm")
            .with("gen_ai.system", "openai")
            .with("gen_ai.request.model", "gpt-4o")
            .with("llm.request.type", "acompletion")
            .with("llm.is_streaming", "True")
            .with("llm.user", "u1")
            .with("gen_ai.prompt.0.role", "user")
            .with("gen_ai.prompt.0.content", "hi")
            .with("gen_ai.completion.0.role", "assistant")
            .with("gen_ai.completion.0.content", "Hello.")
            .with("gen_ai.completion.0.finish_reason", "stop")
            .with("gen_ai.usage.prompt_tokens", 900)
            .with("gen_ai.usage.completion_tokens", 5)
            .with("gen_ai.usage.cache_read_input_tokens", 800)
            .with("gen_ai.cost.total_cost", 0.01)
            .read();
    assertThat(llm.operation()).isEqualTo("chat");
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "hi"));
    assertThat(llm.outputMessages()).hasSize(1);
    assertThat(llm.usage().input()).isEqualTo(900);
    assertThat(llm.get(Slot.STREAM)).isEqualTo(true);
    assertThat(llm.get(Slot.USER_ID)).isEqualTo("u1");
    assertThat(llm.reportedCost().amount()).isEqualByComparingTo("0.01");
  }

  @Test
  void rawRequestIsTheSameCallAgain() {
    LlmSpan llm =
        TestSpan.span("raw_gen_ai_request")
            .scope("litellm")
            .with("gen_ai.request.model", "gpt-4o")
            .with("llm.openai.messages", "[{'role': 'user', 'content': 'hi'}]")
            .read();
    assertThat(llm.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void hostileIndexIsOneMessageAtMost() {
    TestSpan span = TestSpan.span("litellm_request").scope("litellm");
    span.with("gen_ai.prompt.999999999.content", "x").with("gen_ai.prompt.-1.content", "y");
    assertThat(span.read().inputMessages()).hasSize(1);
  }

  @Test
  void toolCallsNumberedLikeChoicesBelongToOneMessage() {
    TestSpan span =
        TestSpan.span("litellm_request")
            .scope("litellm")
            .with("gen_ai.operation.name", "chat")
            .with("gen_ai.system", "openai")
            .with("gen_ai.request.model", "gpt-4o")
            .with("llm.request.type", "completion")
            .with(
                "gen_ai.output.messages",
                "[{\"role\":\"assistant\",\"parts\":[],\"finish_reason\":\"tool_calls\"}]")
            .with("gen_ai.completion.0.function_call.name", "find")
            .with("gen_ai.completion.0.function_call.arguments", "{\"city\":\"Rome\"}")
            .with("gen_ai.completion.1.function_call.name", "find")
            .with("gen_ai.completion.1.function_call.arguments", "{\"city\":\"Oslo\"}");
    assertThat(span.normalized().get("gen_ai.output.messages").toString())
        .isEqualTo(
            "[{\"role\":\"assistant\",\"parts\":["
                + "{\"type\":\"tool_call\",\"name\":\"find\",\"arguments\":{\"city\":\"Rome\"}},"
                + "{\"type\":\"tool_call\",\"name\":\"find\",\"arguments\":{\"city\":\"Oslo\"}}],"
                + "\"finish_reason\":\"tool_call\"}]");
    LlmSpan withoutMessages = span.without("gen_ai.output.messages").read();
    assertThat(withoutMessages.outputMessages()).hasSize(1);
    assertThat(withoutMessages.outputMessages().get(0).parts()).hasSize(2);
  }

  @Test
  void cacheTokensComeFromTheUsageObjectInPythonsNotation() {
    LlmSpan llm =
        TestSpan.span("litellm_request")
            .scope("litellm")
            .with("gen_ai.system", "anthropic")
            .with("gen_ai.request.model", "claude-sonnet-4-5")
            .with("llm.request.type", "completion")
            .with("gen_ai.usage.input_tokens", 3629)
            .with("gen_ai.usage.output_tokens", 23)
            .with(
                "metadata.usage_object",
                "{'completion_tokens': 23, 'prompt_tokens': 3629, 'prompt_tokens_details':"
                    + " {'audio_tokens': None, 'cached_tokens': 3610},"
                    + " 'cache_creation_input_tokens': 0, 'cache_read_input_tokens': 3610}")
            .read();
    assertThat(llm.usage().input()).isEqualTo(3629);
    assertThat(llm.usage().cacheRead()).isEqualTo(3610);
    assertThat(llm.usage().source()).isEqualTo(TokenUsage.Source.REPORTED);
  }
}
