package dev.tallyspan.semconv;

import static org.assertj.core.api.Assertions.assertThat;

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
}
