package dev.tallyspan.semconv.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EstimatedUsageTest {

  @Test
  void estimateIsWrittenAsSuch() {
    TestSpan span = TestSpan.chat();
    LlmSpan estimated = span.read().withEstimatedUsage(8, 3, "jtokkit/o200k_base@1.1.0");

    assertThat(TestSpan.edits(edits -> Normalizer.create().render(estimated, span, edits)))
        .contains(
            entry("gen_ai.usage.input_tokens", 8L),
            entry("gen_ai.usage.output_tokens", 3L),
            entry("tallyspan.usage.source", "estimated"),
            entry("tallyspan.usage.estimator", "jtokkit/o200k_base@1.1.0"))
        .doesNotContainKey("gen_ai.usage.cache_read.input_tokens");
    assertThat(estimated.billableCounts()).isEqualTo(Map.of("input", 8L, "output", 3L));
  }

  @Test
  void estimateIsReadBackAsSuch() {
    LlmSpan again =
        TestSpan.chat()
            .with("gen_ai.usage.input_tokens", 8)
            .with("tallyspan.usage.source", "estimated")
            .with("tallyspan.cost.status", "priced")
            .read();
    assertThat(again.alreadyProcessed()).isTrue();
    assertThat(again.usage().source()).isEqualTo(TokenUsage.Source.ESTIMATED);
  }

  @Test
  void reportedUsageIsNeverReplaced() {
    LlmSpan reported = TestSpan.chat().with("gen_ai.usage.input_tokens", 12).read();
    assertThatThrownBy(() -> reported.withEstimatedUsage(8, 3, "other"))
        .isInstanceOf(IllegalStateException.class);
  }
}
