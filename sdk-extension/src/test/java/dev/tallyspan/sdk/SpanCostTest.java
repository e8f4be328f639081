package dev.tallyspan.sdk;

import static dev.tallyspan.sdk.TestSpans.STATUS;
import static dev.tallyspan.sdk.TestSpans.TOTAL_EXACT;
import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpanCostTest {

  private final TestSpans spans = new TestSpans(LlmEnrichment.create());

  @AfterEach
  void close() {
    spans.close();
  }

  @Test
  void cacheReadsAndWritesAreBilledAtTheirOwnRates() {
    Attributes attributes =
        chat(
            "anthropic",
            "claude-sonnet-4-5",
            span ->
                span.setAttribute("gen_ai.usage.input_tokens", 10_000)
                    .setAttribute("gen_ai.usage.cache_read.input_tokens", 6_000)
                    .setAttribute("gen_ai.usage.cache_creation.input_tokens", 3_000)
                    .setAttribute("gen_ai.usage.output_tokens", 500));

    // USD per million: 1000 x 3, 6000 x 0.30, 3000 x 3.75, 500 x 15.
    assertThat(attributes.get(doubleKey("tallyspan.cost.input"))).isEqualTo(0.003);
    assertThat(attributes.get(doubleKey("tallyspan.cost.cache_read"))).isEqualTo(0.0018);
    assertThat(attributes.get(doubleKey("tallyspan.cost.cache_write"))).isEqualTo(0.01125);
    assertThat(attributes.get(doubleKey("tallyspan.cost.output"))).isEqualTo(0.0075);
    assertThat(attributes.get(TOTAL_EXACT)).isEqualTo("0.02355");
  }

  @Test
  void reasoningIsPartOfTheOutput() {
    Attributes attributes =
        chat(
            "openai",
            "gpt-5",
            span ->
                span.setAttribute("gen_ai.usage.input_tokens", 1_000)
                    .setAttribute("gen_ai.usage.output_tokens", 900)
                    .setAttribute("gen_ai.usage.reasoning.output_tokens", 640));

    // USD per million: 1000 x 1.25, 900 x 10, of which 640 for thinking.
    assertThat(attributes.get(doubleKey("tallyspan.cost.reasoning"))).isEqualTo(0.0064);
    assertThat(attributes.get(doubleKey("tallyspan.cost.output"))).isEqualTo(0.0026);
    assertThat(attributes.get(TOTAL_EXACT)).isEqualTo("0.01025");
  }

  @Test
  void servedTierDecidesThePrice() {
    Consumer<Span> tokens =
        span ->
            span.setAttribute("gen_ai.usage.input_tokens", 1_000)
                .setAttribute("gen_ai.usage.output_tokens", 900);
    String standard = chat("openai", "gpt-5", tokens).get(TOTAL_EXACT);
    Attributes flex =
        chat(
            "openai",
            "gpt-5",
            tokens.andThen(span -> span.setAttribute("openai.response.service_tier", "flex")));

    assertThat(standard).isEqualTo("0.01025");
    assertThat(flex.get(TOTAL_EXACT)).isEqualTo("0.005125");
  }

  @Test
  void embeddingsNeedNoOutput() {
    Attributes attributes =
        spans.attributes(
            "embeddings",
            span ->
                span.setAttribute("gen_ai.operation.name", "embeddings")
                    .setAttribute("gen_ai.provider.name", "openai")
                    .setAttribute("gen_ai.request.model", "text-embedding-3-small")
                    .setAttribute("gen_ai.usage.input_tokens", 8191));

    assertThat(attributes.get(TOTAL_EXACT)).isEqualTo("0.00016382");
  }

  @Test
  void callWithoutTokensHasNoCost() {
    Attributes attributes = chat("openai", "gpt-5", span -> {});

    assertThat(attributes.get(STATUS)).isEqualTo("unpriced");
    assertThat(attributes.get(TOTAL_EXACT)).isNull();
  }

  private Attributes chat(String provider, String model, Consumer<Span> tokens) {
    return spans.attributes(
        "chat",
        span -> {
          span.setAttribute("gen_ai.operation.name", "chat");
          span.setAttribute("gen_ai.provider.name", provider);
          span.setAttribute("gen_ai.request.model", model);
          tokens.accept(span);
        });
  }
}
