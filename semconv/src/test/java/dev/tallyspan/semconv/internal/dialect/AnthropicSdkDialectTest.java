package dev.tallyspan.semconv.internal.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnthropicSdkDialectTest {

  @Test
  void cacheWritesAreKnownByLifetime() {
    TestSpan span =
        TestSpan.span("anthropic.messages.create")
            .client()
            .with("gen_ai.provider.name", "anthropic")
            .with("gen_ai.operation.name", "chat")
            .with("gen_ai.request.model", "claude-sonnet-4-5-20250929")
            .with("gen_ai.usage.input_tokens", 2879)
            .with("gen_ai.usage.output_tokens", 25)
            .with("gen_ai.usage.cache_write.input_tokens", 2870)
            .with("gen_ai.usage.cache_read.input_tokens", 0)
            .with("anthropic.usage.cache_creation.ephemeral_5m_input_tokens", 2800)
            .with("anthropic.usage.cache_creation.ephemeral_1h_input_tokens", 70)
            .with("anthropic.response.service_tier", "standard")
            .with("anthropic.message.stop_reason", "end_turn");
    LlmSpan llm = span.read();
    assertThat(llm.usage().input()).isEqualTo(2879);
    assertThat(llm.usage().cacheWrite5m()).isEqualTo(2800);
    assertThat(llm.usage().cacheWrite1h()).isEqualTo(70);
    assertThat(llm.usage().uncachedInput()).isEqualTo(9);
    assertThat(llm.serviceTier()).isEqualTo("standard");
    assertThat(llm.dialects()).containsExactly("otel", "anthropic-sdk");
    assertThat(span.changes())
        .contains(
            entry("gen_ai.response.finish_reasons", List.of("end_turn")),
            entry("tallyspan.usage.cache_write_5m.input_tokens", 2800L),
            entry("tallyspan.usage.cache_write_1h.input_tokens", 70L),
            entry("tallyspan.usage.semantics", "presumed_inclusive"))
        .doesNotContainKey("openai.response.service_tier");
  }
}
