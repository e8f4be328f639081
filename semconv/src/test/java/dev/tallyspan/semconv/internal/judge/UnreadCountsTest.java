package dev.tallyspan.semconv.internal.judge;

import static dev.tallyspan.semconv.TestSpan.chat;
import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.span.LlmSpan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of counts that no table has: read if their words tell what they count, else named. */
class UnreadCountsTest {

  @ParameterizedTest
  @CsvSource({
    "gen_ai.usage.cached_tokens, cache_read_tokens",
    "gen_ai.usage.input_cached_tokens, cache_read_tokens",
    "gen_ai.usage.inputTokens.cached, cache_read_tokens",
    "gen_ai.usage.prompt_cache_hit_tokens, cache_read_tokens",
    "gen_ai.usage.input_cached_audio_tokens, audio_cache_read_tokens",
    "gen_ai.usage.cachedTextTokens, text_cache_read_tokens",
    "gen_ai.usage.cache_creation.ephemeral_1h_input_tokens, cache_write_1h_tokens",
    "gen_ai.usage.cache_creation_5m_tokens, cache_write_5m_tokens",
    "gen_ai.usage.cache_write_token_count, cache_write_tokens",
    "gen_ai.usage.thinking_tokens, reasoning_tokens",
    "gen_ai.usage.output_tokens_details.reasoning_tokens, reasoning_tokens",
    "gen_ai.usage.prompt_audio_tokens, audio_input_tokens",
    "gen_ai.usage.output_video_tokens, video_output_tokens",
    "gen_ai.usage.completion_tokens_details.image_tokens, image_output_tokens",
    "llm.token_count.prompt_details.image, image_input_tokens",
    "llm.usage.prompt_token_count, input_tokens",
    "ai.usage.outputTokenDetails.imageTokens, image_output_tokens",
  })
  void wordsOfTheKeyTellWhatItCounts(String key, String slot) {
    assertThat(UsageWords.slot(key)).hasToString(slot);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gen_ai.usage.cache_tokens",
        "gen_ai.usage.audio_tokens",
        "gen_ai.usage.output_cached_tokens",
        "gen_ai.usage.input_output_tokens",
        "gen_ai.usage.image_audio_input_tokens",
        "gen_ai.usage.accepted_prediction_tokens",
        "gen_ai.usage.input_cost",
        "gen_ai.usage.requests",
        "gen_ai.request.max_tokens",
        "other.input_tokens",
      })
  void keyWhoseWordsTellNothingOrTwoThingsIsNotRead(String key) {
    assertThat(UsageWords.slot(key)).isNull();
  }

  @Test
  void countUnderAnUnknownSpellingIsBilledAsWhatItIs() {
    LlmSpan llm =
        chat()
            .with("gen_ai.usage.input_tokens", 10_000)
            .with("gen_ai.usage.output_tokens", 100)
            .with("gen_ai.usage.cached_tokens", 8000)
            .read();
    assertThat(llm.usage().cacheRead()).isEqualTo(8000);
    assertThat(llm.usage().input()).isEqualTo(10_000);
    assertThat(llm.unreadCounts()).isEmpty();
  }

  @Test
  void wordsAreWeakerThanEveryTable() {
    LlmSpan llm =
        chat()
            .with("gen_ai.usage.input_tokens", 100)
            .with("gen_ai.usage.cache_read.input_tokens", 40)
            .with("gen_ai.usage.cached_tokens", 8)
            .read();
    assertThat(llm.usage().cacheRead()).isEqualTo(40);
  }

  @Test
  void countThatNobodyUnderstandsIsNamed() {
    LlmSpan llm =
        chat()
            .with("gen_ai.usage.input_tokens", 100)
            .with("gen_ai.usage.dream_tokens", 7)
            .with("gen_ai.usage.idle_tokens", 0)
            .with("vendor.smell_tokens", "3")
            .with("gen_ai.usage.raw", "{\"x\":1}")
            .read();
    assertThat(llm.unreadCounts())
        .containsExactlyInAnyOrder("gen_ai.usage.dream_tokens", "vendor.smell_tokens");
    assertThat(llm.billingGaps()).isEmpty();
  }

  @Test
  void countThatTheTotalIncludesIsAGap() {
    LlmSpan llm =
        chat()
            .with("gen_ai.usage.input_tokens", 100)
            .with("gen_ai.usage.output_tokens", 20)
            .with("gen_ai.usage.total_tokens", 127)
            .with("gen_ai.usage.dream_tokens", 7)
            .read();
    assertThat(llm.billingGaps()).containsExactly("tokens of the total that no rule reads");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gen_ai.request.max_tokens",
        "llm.max_tokens",
        "thinking_budget_tokens",
        "gen_ai.aggregated_usage.input_tokens",
        "tallyspan.rollup.input_tokens",
        "gen_ai.usage.details.input_tokens",
        "ratelimit.remaining_tokens",
        "gen_ai.cost.total_tokens",
      })
  void keyThatIsNoUsageOfTheCallIsNotNamed(String key) {
    assertThat(chat().with("gen_ai.usage.input_tokens", 9).with(key, 5).read().unreadCounts())
        .isEmpty();
  }

  @Test
  void onlyCallsAreLookedAt() {
    assertThat(
            span("agent")
                .with("gen_ai.operation.name", "invoke_agent")
                .with("gen_ai.usage.input_tokens", 9)
                .with("gen_ai.usage.dream_tokens", 5)
                .read()
                .unreadCounts())
        .isEmpty();
  }

  @Test
  void spanThatWasProcessedBeforeIsNotLookedAtAgain() {
    LlmSpan llm =
        chat()
            .with("gen_ai.usage.input_tokens", 9)
            .with("gen_ai.usage.dream_tokens", 5)
            .with("tallyspan.dialect", java.util.List.of("otel"))
            .with("tallyspan.cost.status", "priced")
            .read();
    assertThat(llm.unreadCounts()).isEmpty();
  }
}
