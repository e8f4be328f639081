package dev.tallyspan.semconv.read;

import static dev.tallyspan.semconv.TestSpan.chat;
import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.Cost.Status;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class UnbilledUsageTest {

  private static final Normalizer NORMALIZER = Normalizer.create();

  /** A wrapper of the AI SDK around calls that have spans of their own. */
  private static TestSpan wrapper() {
    return span("ai.generateText")
        .scope("ai")
        .with("ai.operationId", "ai.generateText")
        .with("ai.model.id", "gpt-4o")
        .with("ai.model.provider", "openai.chat")
        .with("ai.usage.inputTokens", 100)
        .with("ai.usage.outputTokens", 20)
        .with("ai.usage.cachedInputTokens", 30);
  }

  private static Map<String, Object> written(TestSpan span, Status status) {
    return TestSpan.edits(edits -> NORMALIZER.render(NORMALIZER.read(span), span, edits, status));
  }

  @Test
  void sumsOfStandardCountsAreNotRaisedByAggregates() {
    Map<String, Object> out = wrapper().changes();
    assertThat(out)
        .containsEntry("tallyspan.usage.input_tokens", 100L)
        .containsEntry("tallyspan.usage.output_tokens", 20L)
        .containsEntry("tallyspan.usage.cache_read.input_tokens", 30L);
    assertThat(out.keySet()).noneMatch(key -> key.startsWith("gen_ai.usage."));
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.class,
      names = {"DUPLICATE", "AGGREGATE", "NOT_BILLABLE"})
  void finalStatusDecides(Status status) {
    TestSpan call =
        chat()
            .scope("openllmetry")
            .with("llm.request.type", "chat")
            .with("gen_ai.usage.prompt_tokens", 10)
            .with("gen_ai.usage.completion_tokens", 5);
    assertThat(written(call, status))
        .containsEntry("tallyspan.usage.input_tokens", 10L)
        .doesNotContainKey("gen_ai.usage.input_tokens");
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.class,
      mode = Mode.EXCLUDE,
      names = {"DUPLICATE", "AGGREGATE", "NOT_BILLABLE"})
  void billedSpansHaveStandardCountsAlone(Status status) {
    assertThat(written(wrapper(), status))
        .containsEntry("gen_ai.usage.input_tokens", 100L)
        .doesNotContainKey("tallyspan.usage.input_tokens");
  }

  @Test
  void whatTheSenderWroteStandsAndIsNotSaidTwice() {
    TestSpan sent = chat().with("gen_ai.usage.input_tokens", 10);
    assertThat(written(sent, Status.DUPLICATE))
        .doesNotContainKeys("gen_ai.usage.input_tokens", "tallyspan.usage.input_tokens");
  }

  @Test
  void countThatLeftItsPartsOutIsNotCorrectedWhereItWasSent() {
    TestSpan sent =
        chat()
            .with("gen_ai.provider.name", "anthropic")
            .with("gen_ai.usage.input_tokens", 10)
            .with("gen_ai.usage.cache_read.input_tokens", 2870);
    assertThat(written(sent, Status.DUPLICATE))
        .containsEntry("tallyspan.usage.input_tokens", 2880L)
        .doesNotContainKeys("gen_ai.usage.input_tokens", "tallyspan.usage.cache_read.input_tokens");
  }

  @Test
  void countsThatCameAreNotGivenAModelToBePricedBy() {
    TestSpan agent =
        span("agent run")
            .scope("pydantic-ai")
            .with("model_name", "gpt-4o-mini")
            .with("agent_name", "weather")
            .with("gen_ai.usage.input_tokens", 36)
            .with("gen_ai.usage.output_tokens", 13);
    assertThat(agent.changes())
        .containsEntry("tallyspan.request.model", "gpt-4o-mini")
        .doesNotContainKey("gen_ai.request.model");
    assertThat(agent.processed(NORMALIZER).read().requestModel()).isEqualTo("gpt-4o-mini");
    assertThat(wrapper().changes()).containsEntry("gen_ai.request.model", "gpt-4o");
    assertThat(agent.with("gen_ai.request.model", "gpt-4o").changes())
        .doesNotContainKey("tallyspan.request.model");
  }

  @Test
  void readAgainTheSpanSaysTheSame() {
    TestSpan sent =
        wrapper().with("gen_ai.usage.input_tokens", 7).with("gen_ai.usage.output_tokens", 20);
    TestSpan once = sent.processed(NORMALIZER);
    TokenUsage first = sent.read().usage();
    LlmSpan again = once.read();
    assertThat(again.alreadyProcessed()).isTrue();
    assertThat(again.usage().input()).isEqualTo(first.input());
    assertThat(again.usage().output()).isEqualTo(first.output());
    assertThat(again.usage().cacheRead()).isEqualTo(first.cacheRead());
    assertThat(once.changes(NORMALIZER)).isEmpty();
  }

  @Test
  void originalsGoWhereTheirCountIsKeptUnderOurName() {
    Map<String, Object> out =
        wrapper().normalized(Normalizer.builder().keepOriginals(false).build());
    assertThat(out)
        .containsEntry("tallyspan.usage.output_tokens", 20L)
        .doesNotContainKey("ai.usage.outputTokens");
  }

  @Test
  void partsThatAreZeroAreNotAdded() {
    Map<String, Object> out =
        span("ChatCompletion")
            .scope("openinference.instrumentation.openai")
            .with("openinference.span.kind", "LLM")
            .with("llm.model_name", "gpt-4o")
            .with("llm.token_count.prompt", 10)
            .with("llm.token_count.completion", 0)
            .with("llm.token_count.prompt_details.cache_read", 0)
            .with("llm.token_count.completion_details.reasoning", 0)
            .changes();
    assertThat(out)
        .containsEntry("gen_ai.usage.input_tokens", 10L)
        .containsEntry("gen_ai.usage.output_tokens", 0L)
        .doesNotContainKeys(
            "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.reasoning.output_tokens");
  }

  @Test
  void cacheWritesStandUnderBothNames() {
    TestSpan older = chat().with("gen_ai.usage.cache_creation.input_tokens", 12);
    TestSpan newer = chat().with("gen_ai.usage.cache_write.input_tokens", 12);
    assertThat(older.changes()).containsEntry("gen_ai.usage.cache_write.input_tokens", 12L);
    assertThat(newer.changes()).containsEntry("gen_ai.usage.cache_creation.input_tokens", 12L);
  }

  @Test
  void cacheWritesOfZeroAreNotAddedUnderTheOtherName() {
    assertThat(
            chat()
                .with("gen_ai.usage.input_tokens", 5)
                .with("gen_ai.usage.cache_creation.input_tokens", 0)
                .changes())
        .doesNotContainKey("gen_ai.usage.cache_write.input_tokens");
  }

  @ParameterizedTest
  @EnumSource(CacheWriteNames.class)
  void cacheWritesStandUnderTheNamesThatAreAskedFor(CacheWriteNames names) {
    Map<String, Object> out =
        span("ChatCompletion")
            .scope("openinference.instrumentation.anthropic")
            .with("openinference.span.kind", "LLM")
            .with("llm.model_name", "claude-sonnet-4-5")
            .with("llm.token_count.prompt", 100)
            .with("llm.token_count.prompt_details.cache_write", 12)
            .changes(Normalizer.builder().cacheWriteNames(names).build());
    assertThat(out.keySet().stream().filter(CacheWriteNames.BOTH.keys()::contains))
        .containsExactlyInAnyOrderElementsOf(names.keys());
  }

  @Test
  void cacheWritesOfTheOlderGenerationHaveItsNameAlone() {
    Normalizer core = Normalizer.builder().target(ConventionVersion.CORE_1_41).build();
    assertThat(chat().with("gen_ai.usage.cache_creation_input_tokens", 12).changes(core))
        .containsEntry("gen_ai.usage.cache_creation.input_tokens", 12L)
        .doesNotContainKey("gen_ai.usage.cache_write.input_tokens");
  }
}
