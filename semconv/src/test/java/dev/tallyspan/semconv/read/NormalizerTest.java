package dev.tallyspan.semconv.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NormalizerTest {

  @Test
  void processedSpanIsLeftAlone() {
    Normalizer normalizer = Normalizer.create();
    TestSpan once =
        TestSpan.chat()
            .with("gen_ai.provider.name", "anthropic")
            .with("gen_ai.usage.input_tokens", 10)
            .with("gen_ai.usage.cache_read.input_tokens", 2870)
            .with("gen_ai.usage.output_tokens", 3)
            .processed(normalizer);
    LlmSpan again = normalizer.read(once);
    assertThat(again.alreadyProcessed()).isTrue();
    assertThat(again.usage().input()).isEqualTo(2880);
    assertThat(again.usage().semantics()).isEqualTo(TokenUsage.Semantics.PROVEN_EXCLUSIVE);
    assertThat(again.dialects()).containsExactly("otel");
    assertThat(once.changes(normalizer)).isEmpty();
  }

  @Test
  void whatConventionsBeyondGenAiSayStaysAsItCame() {
    assertThat(
            TestSpan.chat()
                .error()
                .with("error.type", "undefined")
                .with("server.port", "443")
                .event("exception", "exception.type", "rate_limit_exceeded")
                .normalized())
        .containsEntry("error.type", "undefined")
        .containsEntry("server.port", "443");
  }

  @Test
  void costThatWasComputedHereIsNotReadAsReported() {
    TestSpan span =
        TestSpan.chat().with("tallyspan.cost.status", "priced").with("gen_ai.usage.cost", 0.5);
    assertThat(span.read().reportedCost()).isNull();
    assertThat(span.read().alreadyProcessed()).isTrue();
  }

  @Test
  void markersTellLlmKeysByTheirPrefix() {
    assertThat(Normalizer.isLlmKey("gen_ai.request.model")).isTrue();
    assertThat(Normalizer.isLlmKey("http.request.method")).isFalse();
    assertThat(Normalizer.isLlmKey("")).isFalse();
    assertThat(Normalizer.isLlmKey("\u00fcber")).isFalse();
    assertThat(Normalizer.create().markerKeyPrefixes()).contains("gen_ai.", "anthropic.");
  }

  @Test
  void noMarkerBeginsWithAnother() {
    List<String> markers = Normalizer.create().markerKeyPrefixes();
    for (String marker : markers) {
      assertThat(markers).filteredOn(marker::startsWith).hasSize(1);
    }
  }

  @Test
  void disabledDialectIsNotRead() {
    Normalizer normalizer = Normalizer.builder().disable(Set.of("anthropic-sdk")).build();
    LlmSpan llm = normalizer.read(TestSpan.chat().with("anthropic.response.service_tier", "batch"));
    assertThat(llm.dialects()).containsExactly("otel");
    assertThat(llm.serviceTier()).isNull();
  }

  @Test
  void unknownDialectIsRefused() {
    assertThatThrownBy(() -> Normalizer.builder().disable(Set.of("opentel")).build())
        .hasMessageContaining("disable=opentel");
  }

  @Test
  void viewThatThrowsIsNoLlmSpan() {
    assertThat(Normalizer.create().read(TestSpan.broken())).isNull();
  }
}
