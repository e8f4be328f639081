package dev.tallyspan.semconv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.TokenUsage.Modalities;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** How counts that overlap are taken apart, so that no token is billed twice or not at all. */
class BillableCountsTest {

  private static final long NONE = TokenUsage.UNKNOWN;

  private final List<String> gaps = new ArrayList<>();

  private Map<String, Long> split(TokenUsage.Builder usage) {
    Map<String, Long> counts = new HashMap<>();
    BillableCounts.forEach(usage.build(), counts::put, gaps::add);
    return counts;
  }

  private static TokenUsage.Builder input(long input, long cacheRead) {
    return TokenUsage.inclusive().input(input).cacheRead(cacheRead);
  }

  private static Modalities audio(long audio) {
    return new Modalities(NONE, NONE, audio, NONE);
  }

  @Test
  void cacheByModalityIsTheJoinOfBoth() {
    Map<String, Long> counts =
        split(
            input(10_000, 6000)
                .inputModalities(new Modalities(3000, NONE, 7000, NONE))
                .cacheReadModalities(new Modalities(2000, NONE, 4000, NONE)));

    assertThat(counts)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "input", 1000L,
                "cache_read", 2000L,
                "input_audio", 3000L,
                "cache_read_audio", 4000L));
    assertThat(gaps).isEmpty();
  }

  @Test
  void splitThatAddsUpToTheUncachedInputOverlapsWithNothing() {
    Map<String, Long> counts =
        split(
            input(1459, 1408)
                .inputModalities(new Modalities(5, NONE, 46, NONE))
                .cacheReadModalities(new Modalities(1344, NONE, 64, NONE)));

    assertThat(counts)
        .containsEntry("input", 5L)
        .containsEntry("input_audio", 46L)
        .containsEntry("cache_read", 1344L)
        .containsEntry("cache_read_audio", 64L);
    assertThat(gaps).isEmpty();
  }

  @Test
  void whatFitsBesideEachOtherOverlapsWithNothing() {
    Map<String, Long> counts = split(input(10_000, 6000).inputModalities(audio(3000)));

    assertThat(counts)
        .containsEntry("input", 1000L)
        .containsEntry("cache_read", 6000L)
        .containsEntry("input_audio", 3000L);
    assertThat(gaps).isEmpty();
  }

  @Test
  void inputThatIsAllAudioIsAlsoCachedAsAudio() {
    Map<String, Long> counts = split(input(7000, 6000).inputModalities(audio(7000)));

    assertThat(counts)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("input_audio", 1000L, "cache_read_audio", 6000L));
    assertThat(gaps).isEmpty();
  }

  @Test
  void overlapWithinBoundsIsTakenAtItsLargestAndIsAGap() {
    Map<String, Long> counts = split(input(10_000, 6000).inputModalities(audio(7000)));

    assertThat(counts)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("input", 3000L, "input_audio", 1000L, "cache_read_audio", 6000L));
    assertThat(gaps).hasSize(1);
  }

  @Test
  void partLargerThanItsTotalLeavesNothingOfItAndIsAGap() {
    Map<String, Long> counts =
        split(
            TokenUsage.inclusive()
                .input(5)
                .output(10)
                .outputModalities(new Modalities(NONE, 1290, NONE, NONE)));

    assertThat(counts)
        .containsExactlyInAnyOrderEntriesOf(Map.of("input", 5L, "output_image", 1290L));
    assertThat(gaps).containsExactly("output: its parts exceed it");
  }

  @Test
  void videoIsAUnitOfItsOwn() {
    Map<String, Long> counts =
        split(
            TokenUsage.inclusive()
                .input(100)
                .output(50)
                .inputModalities(new Modalities(NONE, NONE, NONE, 60))
                .outputModalities(new Modalities(NONE, NONE, NONE, 20)));

    assertThat(counts)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("input", 40L, "input_video", 60L, "output", 30L, "output_video", 20L));
  }

  @Property
  void countsAreNeverNegativeAndAddUpUnlessThereIsAGap(
      @ForAll @LongRange(max = 1000) long input,
      @ForAll @LongRange(max = 1000) long cacheRead,
      @ForAll @LongRange(min = -1, max = 1000) long text,
      @ForAll @LongRange(min = -1, max = 1000) long image,
      @ForAll @LongRange(min = -1, max = 1000) long audio,
      @ForAll @LongRange(min = -1, max = 500) long cachedAudio,
      @ForAll @LongRange(max = 1000) long output,
      @ForAll @LongRange(max = 1000) long reasoning,
      @ForAll @LongRange(min = -1, max = 1000) long outputAudio) {
    gaps.clear();
    Map<String, Long> counts =
        split(
            input(input, cacheRead)
                .output(output)
                .reasoning(reasoning)
                .inputModalities(new Modalities(text, image, audio, NONE))
                .cacheReadModalities(audio(cachedAudio))
                .outputModalities(audio(outputAudio)));

    assertThat(counts.values()).allMatch(count -> count > 0);
    if (gaps.isEmpty()) {
      assertThat(counts.values().stream().mapToLong(Long::longValue).sum())
          .isEqualTo(input + output);
    }
  }
}
