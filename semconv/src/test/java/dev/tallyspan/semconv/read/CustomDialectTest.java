package dev.tallyspan.semconv.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.TokenUsage.Semantics;
import dev.tallyspan.semconv.read.Alias.Inclusion;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.ReportedCost;
import dev.tallyspan.semconv.span.SlotReading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CustomDialectTest {

  private static CustomDialect.Builder acme() {
    return CustomDialect.builder("acme").alias(Alias.of("acme.model", "gen_ai.request.model"));
  }

  private static Normalizer with(CustomDialect.Builder... dialects) {
    Normalizer.Builder builder = Normalizer.builder();
    for (CustomDialect.Builder dialect : dialects) {
      builder.custom(dialect.build());
    }
    return builder.build();
  }

  private static LlmSpan read(TestSpan span, CustomDialect.Builder... dialects) {
    return with(dialects).read(span);
  }

  @Test
  void keysOfOnesOwnMakeAnLlmSpan() {
    TestSpan span = TestSpan.span("ask").with("acme.model", "gpt-4o");
    assertThat(span.read()).isNull();
    LlmSpan llm = read(span, acme());
    assertThat(llm.dialects()).containsExactly("acme");
    assertThat(llm.requestModel()).isEqualTo("gpt-4o");
    assertThat(llm.operation()).isEqualTo("chat");
    assertThat(llm.readings())
        .contains(new SlotReading("request_model", "gpt-4o", "acme.model", "acme", "alias"));
  }

  @Test
  void keyThatAnySpanMayHaveMakesNone() {
    CustomDialect.Builder dialect = acme().alias(Alias.of("acme.user", "user.id"));
    assertThat(read(TestSpan.span("GET /").with("acme.user", "u1"), dialect)).isNull();
    assertThat(with(dialect).markerKeyPrefixes())
        .contains("acme.model")
        .doesNotContain("acme.user");
  }

  @Test
  void markIsAWholeKeyOrWithADotTheirBeginning() {
    CustomDialect.Builder whole = acme().markedBy("acme.kind");
    assertThat(read(TestSpan.span("x").with("acme.kinds", "llm"), whole)).isNull();
    assertThat(read(TestSpan.span("x").with("acme.kind", "llm"), whole)).isNotNull();
    CustomDialect.Builder prefix = acme().markedBy("acme.llm.");
    assertThat(read(TestSpan.span("x").with("acme.llm.any", "1"), prefix)).isNotNull();
    assertThat(read(TestSpan.span("x").with("acme.model", "gpt-4o"), prefix)).isNull();
  }

  @Test
  void aliasFillsGapsAndWinsOverOtherDialectsButNotOverTheConventions() {
    TestSpan span =
        TestSpan.span("x")
            .with("acme.model", "mine")
            .with("openinference.span.kind", "LLM")
            .with("llm.model_name", "theirs");
    assertThat(read(span, acme()).requestModel()).isEqualTo("mine");
    span.with("gen_ai.request.model", "standard");
    assertThat(read(span, acme()).requestModel()).isEqualTo("standard");
  }

  @Test
  void aliasThatOverridesWinsOverTheConventions() {
    TestSpan span = TestSpan.chat().with("acme.model", "mine");
    CustomDialect.Builder overriding =
        CustomDialect.builder("acme")
            .alias(new Alias("acme.model", "gen_ai.request.model", null, true, null));
    assertThat(span.normalized(with(overriding))).containsEntry("gen_ai.request.model", "mine");
  }

  @Test
  void textsAndListsBecomeMessages() {
    CustomDialect.Builder dialect =
        acme()
            .alias(Alias.of("acme.prompt", "gen_ai.input.messages"))
            .alias(Alias.of("acme.answers.", "gen_ai.output.messages"));
    LlmSpan llm =
        read(
            TestSpan.span("x")
                .with("acme.prompt", "Hi")
                .with("acme.answers.0.role", "assistant")
                .with("acme.answers.0.content", "Hello")
                .with("acme.model", "gpt-4o"),
            dialect);
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "Hi"));
    assertThat(llm.outputMessages()).containsExactly(Message.text("assistant", "Hello"));
  }

  @ParameterizedTest
  @CsvSource({
    "INCLUSIVE, 1000, PRESUMED_INCLUSIVE",
    "EXCLUSIVE, 1500, PRESUMED_EXCLUSIVE",
    ", 1000, ASSUMED"
  })
  void inclusionOfTheInputDecidesOverCacheTokens(
      Inclusion inclusion, long input, Semantics semantics) {
    CustomDialect.Builder dialect =
        acme()
            .alias(new Alias("acme.in", "gen_ai.usage.input_tokens", inclusion, false, null))
            .alias(Alias.of("acme.cached", "gen_ai.usage.cache_read.input_tokens"));
    TokenUsage usage =
        read(TestSpan.span("x").with("acme.in", 1000).with("acme.cached", 500), dialect).usage();
    assertThat(usage.input()).isEqualTo(input);
    assertThat(usage.semantics()).isEqualTo(semantics);
  }

  @Test
  void arithmeticOverrulesWhatIsSaidOfTheInput() {
    CustomDialect.Builder dialect =
        acme()
            .alias(
                new Alias("acme.in", "gen_ai.usage.input_tokens", Inclusion.INCLUSIVE, false, null))
            .alias(Alias.of("acme.cached", "gen_ai.usage.cache_read.input_tokens"));
    TokenUsage usage =
        read(TestSpan.span("x").with("acme.in", 10).with("acme.cached", 500), dialect).usage();
    assertThat(usage.input()).isEqualTo(510);
    assertThat(usage.semantics()).isEqualTo(Semantics.PROVEN_EXCLUSIVE);
  }

  @Test
  void inclusionSaysNothingOfACountThatAnotherKeyGave() {
    CustomDialect.Builder dialect =
        acme()
            .alias(
                new Alias(
                    "acme.in", "gen_ai.usage.input_tokens", Inclusion.EXCLUSIVE, false, null));
    TokenUsage usage =
        read(
                TestSpan.chat()
                    .with("acme.in", 7)
                    .with("gen_ai.usage.input_tokens", 1000)
                    .with("gen_ai.usage.cache_read.input_tokens", 500),
                dialect)
            .usage();
    assertThat(usage.input()).isEqualTo(1000);
    assertThat(usage.semantics()).isEqualTo(Semantics.PRESUMED_INCLUSIVE);
  }

  @Test
  void reasoningBesideTheOutputIsAddedToIt() {
    CustomDialect.Builder dialect =
        acme()
            .alias(
                new Alias(
                    "acme.out", "gen_ai.usage.output_tokens", Inclusion.EXCLUSIVE, false, null))
            .alias(Alias.of("acme.thought", "gen_ai.usage.reasoning.output_tokens"))
            .alias(Alias.of("acme.in", "gen_ai.usage.input_tokens"))
            .alias(Alias.of("acme.total", "total_tokens"));
    TestSpan span =
        TestSpan.span("x").with("acme.in", 5).with("acme.out", 40).with("acme.thought", 30);
    assertThat(read(span, dialect).usage().output()).isEqualTo(70);
    // The total proves that they are in it.
    assertThat(read(span.with("acme.total", 45), dialect).usage().output()).isEqualTo(40);
  }

  @Test
  void costIsReportedInTheCurrencyThatIsSaid() {
    CustomDialect.Builder dialect =
        acme().alias(new Alias("acme.cost", "gen_ai.usage.cost", null, false, "EUR"));
    TestSpan span = TestSpan.span("x").with("acme.model", "gpt-4o").with("acme.cost", 0.25);
    assertThat(read(span, dialect).reportedCost())
        .isEqualTo(new ReportedCost(new java.math.BigDecimal("0.25"), "EUR", "acme.cost"));
  }

  @Test
  void constantIsSaidOfMarkedSpansThatDoNotSayItThemselves() {
    CustomDialect.Builder dialect = acme().constant("gen_ai.provider.name", "acme-cloud");
    assertThat(read(TestSpan.span("x").with("acme.model", "m1"), dialect).provider())
        .isEqualTo("acme-cloud");
    assertThat(read(TestSpan.chat().with("acme.model", "m1"), dialect).provider())
        .isEqualTo("openai");
    assertThat(read(TestSpan.span("x").with("gen_ai.request.model", "m1"), dialect).provider())
        .isNull();
  }

  @Test
  void aliasesThatHoldEverywhereAreReadOnLlmSpansOfOtherDialects() {
    CustomDialect.Builder dialect =
        CustomDialect.builder("custom").alias(Alias.of("app.user", "user.id")).everywhere();
    assertThat(TestSpan.chat().with("app.user", "u1").normalized(with(dialect)))
        .containsEntry("user.id", "u1")
        .containsEntry("tallyspan.dialect", List.of("otel"));
    assertThat(read(TestSpan.span("GET /").with("app.user", "u1"), dialect)).isNull();
  }

  @Test
  void originalsOfAliasesMayGo() {
    Normalizer normalizer =
        Normalizer.builder().custom(acme().build()).keepOriginals(false).build();
    assertThat(TestSpan.span("x").with("acme.model", "m1").normalized(normalizer))
        .doesNotContainKey("acme.model")
        .containsEntry("gen_ai.request.model", "m1");
  }

  @Test
  void processingTwiceEqualsProcessingOnce() {
    Normalizer normalizer = with(acme().constant("provider", "acme-cloud"));
    TestSpan once = TestSpan.span("x").with("acme.model", "m1").processed(normalizer);
    assertThat(once.changes(normalizer)).isEmpty();
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> Alias.of("acme.x", "gen_ai.request.modle"))
        .hasMessageContaining("target=gen_ai.request.modle");
    assertThatThrownBy(() -> Alias.of("tallyspan.cost.total", "gen_ai.usage.cost"))
        .hasMessageContaining("key=tallyspan.cost.total");
    assertThatThrownBy(
            () -> new Alias("a", "gen_ai.request.model", Inclusion.EXCLUSIVE, false, null))
        .hasMessageContaining("only input and output tokens have parts");
    assertThatThrownBy(() -> new Alias("a", "gen_ai.usage.cost", null, false, "euro"))
        .hasMessageContaining("currency=euro");
    assertThatThrownBy(() -> CustomDialect.builder("Acme").build()).hasMessageContaining("id=Acme");
    assertThatThrownBy(
            () -> CustomDialect.builder("acme").alias(Alias.of("a.user", "user.id")).build())
        .hasMessageContaining("marks");
    assertThatThrownBy(() -> acme().constant("gen_ai.usage.input_tokens", "many"))
        .hasMessageContaining("many");
    assertThatThrownBy(() -> with(acme(), acme())).hasMessageContaining("custom=acme");
    assertThatThrownBy(() -> Normalizer.builder().disable(java.util.Set.of("otel")).build())
        .hasMessageContaining("disable=otel");
  }
}
