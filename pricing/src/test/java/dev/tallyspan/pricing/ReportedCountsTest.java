package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.pricing.ReportedCounts.Overlap;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportedCountsTest {
  @Test
  void cachedAboveInclusiveInputLeavesNoFreshInput() {
    assertThat(read(Overlap.INCLUSIVE, "input_tokens", 500, "cache_read_tokens", 700))
        .hasToString("cache_read=700");
  }

  @Test
  void aggregateBeyondItsSplitWasWrittenForTheDefaultLifetime() {
    assertThat(
            read(
                Overlap.EXCLUSIVE,
                "input_tokens",
                100,
                "cache_write_tokens",
                5000,
                "cache_write_1h_tokens",
                2000))
        .hasToString("input=100 cache_write_5m=3000 cache_write_1h=2000");
  }

  @Test
  void cachedAudioIsCountedOnce() {
    assertThat(
            read(
                Overlap.INCLUSIVE,
                "input_tokens",
                1000,
                "input_audio_tokens",
                600,
                "cache_read_tokens",
                300,
                "cache_audio_read_tokens",
                200))
        .hasToString("input=300 cache_read=100 input_audio=400 cache_read_audio=200");
  }

  @Test
  void thoughtsBesideCandidatesAreAdded() {
    assertThat(
            read(
                Overlap.RAW_GEMINI,
                "promptTokenCount",
                10,
                "candidatesTokenCount",
                20,
                "thoughtsTokenCount",
                100,
                "totalTokenCount",
                130))
        .hasToString("input=10 output=20 reasoning=100");
  }

  @Test
  void thoughtsInsideCandidatesAreNotAdded() {
    assertThat(
            read(
                Overlap.RAW_GEMINI,
                "promptTokenCount",
                10,
                "candidatesTokenCount",
                120,
                "thoughtsTokenCount",
                100,
                "totalTokenCount",
                130))
        .hasToString("input=10 output=20 reasoning=100");
  }

  @Test
  void thoughtsThatOnlyTheTotalKnowsAreFound() {
    assertThat(
            read(
                Overlap.RAW_GEMINI,
                "promptTokenCount",
                10,
                "candidatesTokenCount",
                20,
                "totalTokenCount",
                130))
        .hasToString("input=10 output=20 reasoning=100");
  }

  @Test
  void fractionsOfSecondsAreKept() {
    Usage usage =
        ReportedCounts.disjoint(
            Map.of("input_audio_seconds", new BigDecimal("125.5")), Overlap.INCLUSIVE);

    assertThat(usage.get(Unit.AUDIO_INPUT_SECONDS)).isEqualTo(125_500);
    assertThat(usage).hasToString("input_audio_seconds=125.5");
  }

  @Test
  void countOfNoKnownUnitIsKeptAsUnknown() {
    Usage usage =
        read(Overlap.INCLUSIVE, "input_tokens", 10, "input_tokenz", 1, "loaves", 3, "crumbs", 0);

    assertThat(usage.get(Unit.INPUT)).isEqualTo(10);
    assertThat(usage.unknownUnits()).containsExactlyInAnyOrder("input_tokenz", "loaves");
    assertThat(ReportedCounts.names()).contains("input_tokens", "web_searches");
  }

  @Test
  void countThatIsTooLargeIsRefused() {
    assertThatThrownBy(
            () ->
                ReportedCounts.disjoint(
                    Map.of("web_searches", new BigDecimal("1e30")), Overlap.INCLUSIVE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("web_searches is too large");
  }

  private static Usage read(Overlap semantics, Object... counts) {
    Map<String, BigDecimal> map = new HashMap<>();
    for (int i = 0; i < counts.length; i += 2) {
      map.put((String) counts[i], BigDecimal.valueOf((Integer) counts[i + 1]));
    }
    return ReportedCounts.disjoint(map, semantics);
  }
}
