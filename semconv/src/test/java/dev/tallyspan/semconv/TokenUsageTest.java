package dev.tallyspan.semconv;

import static dev.tallyspan.semconv.TokenUsage.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.TokenUsage.Modalities;
import dev.tallyspan.semconv.TokenUsage.Semantics;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TokenUsageTest {

  @Test
  void inclusiveCountsAreKept() {
    TokenUsage usage =
        TokenUsage.inclusive().input(2880).cacheRead(2870).output(23).reasoning(20).build();

    assertThat(usage.input()).isEqualTo(2880);
    assertThat(usage.uncachedInput()).isEqualTo(10);
    assertThat(usage.output()).isEqualTo(23);
    assertThat(usage.cacheWrite()).isEqualTo(UNKNOWN);
    assertThat(usage.consistent()).isTrue();
  }

  @Test
  void anthropicsInputExcludesTheCache() {
    TokenUsage usage =
        TokenUsage.anthropic()
            .input(10)
            .cacheRead(2870)
            .cacheWrite5m(100)
            .cacheWrite1h(20)
            .output(3)
            .build();

    assertThat(usage.input()).isEqualTo(3000);
    assertThat(usage.cacheWrite()).isEqualTo(120);
    assertThat(usage.uncachedInput()).isEqualTo(10);
  }

  @Test
  void cacheWritesOfUnknownLifetimeAreAddedToo() {
    assertThat(TokenUsage.anthropic().input(10).cacheWrite(5).build().input()).isEqualTo(15);
    assertThat(TokenUsage.anthropic().cacheWrite(5).build().input()).isEqualTo(UNKNOWN);
  }

  @Test
  void geminisOutputExcludesThoughts() {
    TokenUsage usage =
        TokenUsage.gemini().input(10).toolUseInput(3).cacheRead(4).output(5).reasoning(20).build();

    assertThat(usage.input()).isEqualTo(13);
    assertThat(usage.output()).isEqualTo(25);
    assertThat(usage.reasoning()).isEqualTo(20);
  }

  @Test
  void whatIsNoCountIsNotKnown() {
    TokenUsage usage =
        TokenUsage.inclusive()
            .input(-5)
            .output(Long.MAX_VALUE)
            .cacheRead(Long.MIN_VALUE)
            .inputModalities(new Modalities(-7, 1, -1, Long.MAX_VALUE))
            .build();

    assertThat(usage.input()).isEqualTo(UNKNOWN);
    assertThat(usage.output()).isEqualTo(UNKNOWN);
    assertThat(usage.cacheRead()).isEqualTo(UNKNOWN);
    assertThat(usage.inputModalities()).isEqualTo(new Modalities(UNKNOWN, 1, UNKNOWN, UNKNOWN));
    assertThat(usage.semantics()).isEqualTo(Semantics.NONE);
  }

  @Test
  void partsThatExceedTheirTotalLeaveNothingOfIt() {
    TokenUsage usage =
        TokenUsage.inclusive()
            .input(10)
            .cacheRead(500)
            .cacheWrite(3)
            .cacheWrite1h(7)
            .output(1)
            .reasoning(4)
            .build();

    assertThat(usage.consistent()).isFalse();
    assertThat(usage.uncachedInput()).isZero();
    assertThat(usage.disjointCounts())
        .doesNotContainKeys("input", "output", "cache_write_5m")
        .containsEntry("cache_read", 500L)
        .containsEntry("cache_write_1h", 7L);
  }

  @Provide
  Arbitrary<Long> counts() {
    return Arbitraries.oneOf(
        Arbitraries.longs().between(-2, 50), Arbitraries.longs(), Arbitraries.just(UNKNOWN));
  }

  @Property(tries = 500)
  void disjointCountsAreNeverNegative(
      @ForAll("counts") long input,
      @ForAll("counts") long output,
      @ForAll("counts") long cacheRead,
      @ForAll("counts") long cacheWrite,
      @ForAll("counts") long cacheWrite1h,
      @ForAll("counts") long reasoning,
      @ForAll("counts") long audio) {
    for (TokenUsage.Builder builder :
        new TokenUsage.Builder[] {
          TokenUsage.inclusive(), TokenUsage.anthropic(), TokenUsage.gemini()
        }) {
      TokenUsage usage =
          builder
              .input(input)
              .output(output)
              .cacheRead(cacheRead)
              .cacheWrite(cacheWrite)
              .cacheWrite1h(cacheWrite1h)
              .reasoning(reasoning)
              .inputModalities(new Modalities(UNKNOWN, UNKNOWN, audio, UNKNOWN))
              .build();
      assertThat(usage.disjointCounts().values()).allMatch(count -> count > 0);
      assertThat(usage.plus(usage).disjointCounts().values()).allMatch(count -> count > 0);
    }
  }
}
