package dev.tallyspan.semconv.internal.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.List;
import org.junit.jupiter.api.Test;

class BraintrustDialectTest {

  @Test
  void callWithInclusiveCounts() {
    TestSpan span =
        TestSpan.span("Chat Completion")
            .with("braintrust.span_attributes", "{\"type\":\"llm\"}")
            .with("braintrust.metadata", "{\"provider\":\"openai\",\"model\":\"gpt-4o\"}")
            .with(
                "braintrust.metrics",
                "{\"prompt_tokens\":100,\"completion_tokens\":9,\"tokens\":109,"
                    + "\"prompt_cached_tokens\":40,\"completion_reasoning_tokens\":2,"
                    + "\"time_to_first_token\":0.25}")
            .with("braintrust.input_json", "[{\"role\":\"user\",\"content\":\"hi\"}]")
            .with(
                "braintrust.output_json",
                "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello.\"},"
                    + "\"finish_reason\":\"stop\"}]");
    LlmSpan llm = span.read();
    assertThat(llm.usage().input()).isEqualTo(100);
    assertThat(llm.usage().cacheRead()).isEqualTo(40);
    assertThat(llm.usage().reasoning()).isEqualTo(2);
    assertThat(llm.billing()).isEqualTo(Billing.CALL);
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "hi"));
    assertThat(span.changes())
        .contains(
            entry("gen_ai.operation.name", "chat"),
            entry("gen_ai.provider.name", "openai"),
            entry("gen_ai.request.model", "gpt-4o"),
            entry("gen_ai.response.finish_reasons", List.of("stop")),
            entry("gen_ai.response.time_to_first_chunk", 0.25));
  }

  @Test
  void cacheWritesByLifetime() {
    TokenUsage usage =
        TestSpan.span("messages")
            .with("braintrust.span_attributes", "{\"type\":\"llm\"}")
            .with("braintrust.metadata", "{\"model\":\"claude-sonnet-4-5\"}")
            .with(
                "braintrust.metrics",
                "{\"prompt_tokens\":100,\"completion_tokens\":9,"
                    + "\"prompt_cache_creation_tokens\":50,\"prompt_cache_creation_5m_tokens\":20,"
                    + "\"prompt_cache_creation_1h_tokens\":30}")
            .read()
            .usage();
    assertThat(usage.input()).isEqualTo(100);
    assertThat(usage.cacheWrite()).isEqualTo(50);
    assertThat(usage.cacheWrite1h()).isEqualTo(30);
  }

  @Test
  void scoreAndTaskAreNoCalls() {
    for (String type : List.of("score", "task", "eval", "function")) {
      LlmSpan llm =
          TestSpan.span("x")
              .with("braintrust.span_attributes", "{\"type\":\"" + type + "\"}")
              .with("braintrust.input_json", "{\"q\":1}")
              .read();
      assertThat(llm.operation()).isNull();
      assertThat(llm.billing()).isEqualTo(Billing.NOT_BILLABLE);
    }
  }

  @Test
  void projectNameAloneMakesNoLlmSpan() {
    assertThat(TestSpan.span("GET /").with("braintrust.parent", "project_name:x").read()).isNull();
  }
}
