package dev.tallyspan.semconv.internal.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.TokenUsage.Semantics;
import dev.tallyspan.semconv.TokenUsage.Source;
import dev.tallyspan.semconv.internal.dialect.Draft;
import dev.tallyspan.semconv.span.Slot;
import dev.tallyspan.semconv.span.Strength;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageResolverTest {

  private final Draft span = new Draft();

  private UsageResolverTest count(Slot<Long> slot, long count) {
    span.offer(slot, count, slot.label(), "rename", Strength.STRUCTURED);
    return this;
  }

  private UsageResolverTest tokens(long input, long output, long cacheRead, long cacheWrite) {
    return count(Slot.INPUT_TOKENS, input)
        .count(Slot.OUTPUT_TOKENS, output)
        .count(Slot.CACHE_READ_TOKENS, cacheRead)
        .count(Slot.CACHE_WRITE_TOKENS, cacheWrite);
  }

  private TokenUsage usage() {
    return UsageResolver.resolve(span);
  }

  private void assertUsage(long input, Semantics semantics) {
    TokenUsage usage = usage();
    assertThat(usage.input()).isEqualTo(input);
    assertThat(usage.semantics()).isEqualTo(semantics);
  }

  @Test
  void disjointCountsAddUpToTheTotals() {
    TokenUsage usage =
        TokenUsage.anthropic()
            .input(10)
            .output(7)
            .cacheRead(2870)
            .cacheWrite5m(100)
            .cacheWrite1h(20)
            .build();
    assertThat(usage.input()).isEqualTo(3000);
    assertThat(usage.disjointCounts())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "input", 10L,
                "cache_read", 2870L,
                "cache_write_5m", 100L,
                "cache_write_1h", 20L,
                "output", 7L));
    assertThat(
            TokenUsage.gemini()
                .input(10)
                .output(5)
                .reasoning(20)
                .toolUseInput(3)
                .cacheRead(4)
                .build()
                .disjointCounts())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("input", 9L, "cache_read", 4L, "output", 5L, "reasoning", 20L));
  }

  @Test
  void withoutCacheTokensNothingIsToBeDecided() {
    tokens(100, 5, 0, 0).assertUsage(100, Semantics.NONE);
  }

  @Test
  void cacheLargerThanInputProvesItBeside() {
    tokens(9, 5, 100, 70).assertUsage(179, Semantics.PROVEN_EXCLUSIVE);
  }

  @Test
  void totalThatNeedsTheCacheProvesItBeside() {
    tokens(100, 5, 40, 0)
        .count(Slot.TOTAL_TOKENS, 145)
        .assertUsage(140, Semantics.PROVEN_EXCLUSIVE);
  }

  @Test
  void totalOfInputAndOutputProvesNothing() {
    tokens(100, 5, 40, 0).count(Slot.TOTAL_TOKENS, 105).assertUsage(100, Semantics.ASSUMED);
  }

  @Test
  void uncachedRestProvesEither() {
    tokens(100, 5, 40, 10)
        .count(Slot.UNCACHED_INPUT_TOKENS, 50)
        .assertUsage(100, Semantics.PROVEN_INCLUSIVE);
  }

  @Test
  void uncachedRestEqualToTheInputProvesTheCacheBeside() {
    tokens(100, 5, 40, 10)
        .count(Slot.UNCACHED_INPUT_TOKENS, 100)
        .assertUsage(150, Semantics.PROVEN_EXCLUSIVE);
  }

  @Test
  void arithmeticOverrulesWhatTheDialectSays() {
    span.semantics(Semantics.PRESUMED_INCLUSIVE);
    tokens(9, 5, 100, 0).assertUsage(109, Semantics.PROVEN_EXCLUSIVE);
  }

  @Test
  void whatTheDialectSaysOverrulesTheTable() {
    span.recognised("openinference");
    span.semantics(Semantics.PRESUMED_EXCLUSIVE);
    tokens(100, 5, 40, 0).assertUsage(140, Semantics.PRESUMED_EXCLUSIVE);
  }

  @ParameterizedTest
  @CsvSource({
    "openlit, anthropic, 140, PRESUMED_EXCLUSIVE",
    "openlit, openai, 100, PRESUMED_INCLUSIVE",
    "spring-ai, anthropic, 140, PRESUMED_EXCLUSIVE",
    "spring-ai, aws.bedrock, 140, PRESUMED_EXCLUSIVE",
    "spring-ai, openai, 100, PRESUMED_INCLUSIVE",
    "openinference, anthropic, 100, PRESUMED_INCLUSIVE",
    "otel, anthropic, 100, PRESUMED_INCLUSIVE",
    "otel-legacy, anthropic, 100, ASSUMED",
    "otel-legacy, openai, 100, PRESUMED_INCLUSIVE",
    "otel-legacy, , 100, ASSUMED"
  })
  void tableDecidesByEmitterAndProvider(
      String dialect, String provider, long input, Semantics semantics) {
    span.recognised(dialect);
    span.offer(Slot.PROVIDER, provider, "gen_ai.system");
    tokens(100, 5, 40, 0).assertUsage(input, semantics);
  }

  @Test
  void emitterOnTopOfTheConventionsIsAskedFirst() {
    span.recognised("otel");
    span.recognised("openlit");
    span.offer(Slot.PROVIDER, "anthropic", "gen_ai.provider.name");
    tokens(100, 5, 40, 0).assertUsage(140, Semantics.PRESUMED_EXCLUSIVE);
  }

  @Test
  void modelTellsTheApiWhereTheProviderIsNotNamed() {
    span.recognised("spring-ai");
    span.offer(Slot.REQUEST_MODEL, "claude-sonnet-4-5", "gen_ai.request.model");
    tokens(100, 5, 40, 0).assertUsage(140, Semantics.PRESUMED_EXCLUSIVE);
  }

  @ParameterizedTest
  @CsvSource({
    "gcp.vertex_ai, claude-sonnet-4-5@20250929, 140, PRESUMED_EXCLUSIVE",
    "gcp.vertex_ai, gemini-2.5-pro, 100, PRESUMED_INCLUSIVE",
    "openrouter, anthropic/claude-sonnet-4.5, 100, PRESUMED_INCLUSIVE"
  })
  void modelTellsTheApiBehindACloud(
      String provider, String model, long input, Semantics semantics) {
    span.recognised("spring-ai");
    span.offer(Slot.PROVIDER, provider, "gen_ai.system");
    span.offer(Slot.REQUEST_MODEL, model, "gen_ai.request.model");
    tokens(100, 5, 40, 0).assertUsage(input, semantics);
  }

  @Test
  void ofAnUnknownProviderNothingIsKnown() {
    span.recognised("otel-legacy");
    span.offer(Slot.PROVIDER, "acme", "gen_ai.system");
    tokens(100, 5, 40, 0).assertUsage(100, Semantics.ASSUMED);
  }

  @Test
  void providersOwnUsageOverrulesEverything() {
    span.providerUsage(
        TokenUsage.anthropic().input(100).output(5).cacheRead(40).cacheWrite5m(10).build(),
        "providerMetadata");
    TokenUsage usage = tokens(100, 5, 40, 0).usage();
    assertThat(usage.input()).isEqualTo(150);
    assertThat(usage.semantics()).isEqualTo(Semantics.PROVEN_EXCLUSIVE);
    assertThat(usage.source()).isEqualTo(Source.REPORTED);
    assertThat(usage.cacheWrite5m()).isEqualTo(10);
  }

  @Test
  void countsThatOnlyThePayloadHasAreRecovered() {
    span.providerUsage(
        TokenUsage.inclusive().input(100).output(5).cacheRead(40).reasoning(2).build(), "response");
    TokenUsage usage = usage();
    assertThat(usage.input()).isEqualTo(100);
    assertThat(usage.source()).isEqualTo(Source.RECOVERED);
    assertThat(usage.cacheWrite()).isEqualTo(TokenUsage.UNKNOWN);
  }

  @Test
  void thoughtsLargerThanTheOutputAreBesideIt() {
    tokens(10, 5, 0, 0).count(Slot.REASONING_TOKENS, 90);
    assertThat(usage().output()).isEqualTo(95);
  }

  @Test
  void totalThatNeedsTheThoughtsPutsThemBesideTheOutput() {
    tokens(10, 50, 0, 0).count(Slot.REASONING_TOKENS, 20).count(Slot.TOTAL_TOKENS, 80);
    assertThat(usage().output()).isEqualTo(70);
  }

  @Test
  void thoughtsInsideTheOutputStayThere() {
    tokens(10, 50, 0, 0).count(Slot.REASONING_TOKENS, 20).count(Slot.TOTAL_TOKENS, 60);
    assertThat(usage().output()).isEqualTo(50);
  }

  @Test
  void lifetimesMakeTheCacheWrite() {
    count(Slot.INPUT_TOKENS, 5)
        .count(Slot.CACHE_WRITE_5M_TOKENS, 60)
        .count(Slot.CACHE_WRITE_1H_TOKENS, 10);
    TokenUsage usage = usage();
    assertThat(usage.cacheWrite()).isEqualTo(70);
    assertThat(usage.input()).isEqualTo(75);
  }

  @Test
  void lifetimesThatExceedTheCacheWriteAreNotBelieved() {
    tokens(100, 5, 0, 50).count(Slot.CACHE_WRITE_5M_TOKENS, 60);
    assertThat(usage().cacheWrite()).isEqualTo(50);
    assertThat(usage().cacheWrite5m()).isEqualTo(TokenUsage.UNKNOWN);
  }

  @Test
  void totalOfAnEmbeddingIsItsInput() {
    span.offer(Slot.OPERATION, "embeddings", "gen_ai.operation.name");
    count(Slot.TOTAL_TOKENS, 12);
    assertThat(usage().input()).isEqualTo(12);
  }

  @Property(tries = 1000)
  void partsNeverExceedTheirTotals(
      @ForAll @LongRange(min = 0, max = 500) long input,
      @ForAll @LongRange(min = 0, max = 500) long output,
      @ForAll @LongRange(min = 0, max = 500) long read,
      @ForAll @LongRange(min = 0, max = 500) long write,
      @ForAll @LongRange(min = 0, max = 500) long reasoning,
      @ForAll @LongRange(min = 0, max = 1500) long total) {
    UsageResolverTest test = new UsageResolverTest().tokens(input, output, read, write);
    test.count(Slot.REASONING_TOKENS, reasoning).count(Slot.TOTAL_TOKENS, total);
    TokenUsage usage = test.usage();
    if (usage != null) {
      assertThat(usage.consistent()).isTrue();
      assertThat(usage.uncachedInput() + usage.cacheRead() + usage.cacheWrite())
          .isEqualTo(usage.input());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gcp.gemini, gemini-2.5-pro, 121, 76, 61",
    "gcp.gen_ai, models/gemini-2.5-pro, 121, 76, 61",
    "gcp.gemini, gemini-2.5-flash, 60, 15, -1", // nothing is missing
    "gcp.gemini, gemini-2.5-flash, 75, 15, -1", // what is missing are cache tokens
    "gcp.vertex_ai, claude-sonnet-4-5, 121, 15, -1",
    "openai, gpt-4o, 121, 15, -1",
  })
  void whatGeminisTotalHasBeyondInputAndOutputAreThoughts(
      String provider, String model, long total, long output, long reasoning) {
    span.infer(Slot.PROVIDER, provider, "test");
    span.infer(Slot.REQUEST_MODEL, model, "test");
    count(Slot.INPUT_TOKENS, 45).count(Slot.OUTPUT_TOKENS, 15).count(Slot.TOTAL_TOKENS, total);
    TokenUsage usage = (total == 75 ? count(Slot.CACHE_READ_TOKENS, 15) : this).usage();
    assertThat(usage.output()).isEqualTo(output);
    assertThat(usage.reasoning()).isEqualTo(reasoning);
  }
}
