package dev.tallyspan.semconv.internal.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.span.LlmSpan;
import org.junit.jupiter.api.Test;

class LogfireDialectTest {

  @Test
  void requestAndResponseOfAProvidersSdk() {
    LlmSpan llm =
        TestSpan.span("Message with 'claude-sonnet-4-5'")
            .with("logfire.msg", "m")
            .with(
                "request_data",
                "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":10,"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
            .with(
                "response_data",
                "{\"message\":{\"role\":\"assistant\",\"content\":\"Hello.\"},\"usage\":"
                    + "{\"input_tokens\":9,\"output_tokens\":5,\"cache_read_input_tokens\":80}}")
            .read();
    assertThat(llm.operation()).isEqualTo("chat");
    assertThat(llm.provider()).isEqualTo("anthropic");
    assertThat(llm.usage().input()).isEqualTo(89);
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "hi"));
    assertThat(llm.outputMessages()).containsExactly(Message.text("assistant", "Hello."));
  }

  @Test
  void pendingSpanIsNeverBilled() {
    LlmSpan llm =
        TestSpan.chat()
            .with("logfire.span_type", "pending_span")
            .with("gen_ai.usage.input_tokens", 9)
            .with("gen_ai.usage.output_tokens", 9)
            .read();
    assertThat(llm.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void secondSpanOfAStreamIsTheCallWithItsText() {
    LlmSpan llm =
        TestSpan.span("streaming response from 'gpt-4o' took 1.20s")
            .with("logfire.msg", "m")
            .with("request_data", "{\"model\":\"gpt-4o\",\"messages\":[],\"stream\":true}")
            .with("response_data", "{\"combined_chunk_content\":\"Hello.\",\"chunk_count\":3}")
            .read();
    assertThat(llm.outputMessages()).containsExactly(Message.text("assistant", "Hello."));
    assertThat(llm.billing()).isEqualTo(Billing.CALL);
  }

  @Test
  void requestOfAStreamIsNoSecondCall() {
    LlmSpan llm =
        TestSpan.span("Chat Completion with {request_data[model]!r}")
            .scope("logfire.openai")
            .with("logfire.msg", "m")
            .with("request_data", "{\"model\":\"gpt-4o\"}")
            .with("gen_ai.operation.name", "chat")
            .with("gen_ai.request.model", "gpt-4o")
            .with("gen_ai.response.model", "gpt-4o")
            .read();
    assertThat(llm.operation()).isEqualTo("chat");
    assertThat(llm.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void requestThatFailedIsTheCall() {
    LlmSpan llm =
        TestSpan.span("Chat Completion with {request_data[model]!r}")
            .scope("logfire.openai")
            .with("logfire.msg", "m")
            .with("request_data", "{\"model\":\"gpt-4o\"}")
            .with("gen_ai.operation.name", "chat")
            .error()
            .read();
    assertThat(llm.billing()).isEqualTo(Billing.CALL);
  }

  @Test
  void otherSpansOfLogfireAreNotRead() {
    assertThat(TestSpan.span("x").with("logfire.msg", "x").read()).isNull();
    assertThat(TestSpan.span("x").with("request_data", "{\"model\":\"gpt-4o\"}").read()).isNull();
  }
}
