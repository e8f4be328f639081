package dev.tallyspan.semconv.read;

import static dev.tallyspan.semconv.KeyClass.CONTENT;
import static dev.tallyspan.semconv.KeyClass.COST;
import static dev.tallyspan.semconv.KeyClass.IDENTITY;
import static dev.tallyspan.semconv.KeyClass.USAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.TestSpan;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DroppedOriginalsTest {

  private static final String IN = "llm.input_messages.0.message.";

  private static Normalizer dropping(KeyClass... classes) {
    return Normalizer.builder().dropOriginals(Set.of(classes)).build();
  }

  private static Normalizer droppingAll() {
    return Normalizer.builder().dropOriginals(EnumSet.allOf(KeyClass.class)).build();
  }

  private static TestSpan openInference() {
    return TestSpan.span("chat")
        .with("openinference.span.kind", "LLM")
        .with("llm.model_name", "gpt-4o")
        .with("llm.token_count.prompt", 12)
        .with(IN + "role", "user")
        .with(IN + "content", "Hi")
        .with("session.id", "s1");
  }

  @Test
  void onlyTheNamedClassesGo() {
    assertThat(openInference().normalized(dropping(CONTENT)))
        .doesNotContainKeys(IN + "role", IN + "content")
        .containsKeys("llm.model_name", "llm.token_count.prompt", "openinference.span.kind");
    assertThat(openInference().normalized(dropping(USAGE)))
        .doesNotContainKey("llm.token_count.prompt")
        .containsEntry("gen_ai.usage.input_tokens", 12L)
        .containsKeys("llm.model_name", IN + "content");
  }

  @Test
  void keyThatTheConventionsShareStays() {
    assertThat(openInference().normalized(dropping(IDENTITY)))
        .containsEntry("session.id", "s1")
        .containsEntry("gen_ai.conversation.id", "s1");
  }

  @Test
  void ruleOfADialectStandsInPlaceOfTheGeneralOne() {
    Normalizer normalizer =
        Normalizer.builder()
            .dropOriginals(Set.of(CONTENT, USAGE))
            .dropOriginals("openinference", Set.of(USAGE))
            .build();
    TestSpan both = openInference().with("gen_ai.usage.prompt_tokens", 12);
    assertThat(both.normalized(normalizer))
        .containsKeys(IN + "content")
        .doesNotContainKeys("llm.token_count.prompt", "gen_ai.usage.prompt_tokens");
  }

  @Test
  void whatSaysMoreThanWasWrittenStays() {
    String known = "[{\"role\":\"user\",\"content\":\"Hi\"}]";
    String more = "[{\"role\":\"user\",\"content\":\"Hi\",\"providerOptions\":{\"a\":\"b\"}}]";
    for (String messages : new String[] {known, more}) {
      Map<String, Object> out =
          TestSpan.span("ai")
              .with("ai.operationId", "ai.generateText.doGenerate")
              .with("ai.prompt.messages", messages)
              .normalized(dropping(CONTENT));
      assertThat(out).containsKey("gen_ai.input.messages");
      assertThat(out.containsKey("ai.prompt.messages")).isEqualTo(messages.equals(more));
    }
  }

  @Test
  void whatWasCutOffStays() {
    assertThat(
            TestSpan.span("ai")
                .with("ai.operationId", "ai.generateText.doGenerate")
                .with("ai.prompt.messages", "[{\"role\":\"user\",\"content\":\"Hi th...")
                .normalized(droppingAll()))
        .containsKeys("ai.prompt.messages", "gen_ai.input.messages");
  }

  @Test
  void contentThatIsWrittenShortenedStays() {
    Normalizer normalizer =
        Normalizer.builder().dropOriginals(Set.of(CONTENT)).maxContentLength(200).build();
    assertThat(openInference().with(IN + "content", "Hi ".repeat(200)).normalized(normalizer))
        .containsKeys(IN + "content", "gen_ai.input.messages");
    assertThat(openInference().normalized(normalizer)).doesNotContainKey(IN + "content");
  }

  @Test
  void countThatLeftItsPartsOutGoesSinceTheyAreBesideIt() {
    Map<String, Object> out =
        TestSpan.span("claude_code.llm_request")
            .scope("com.anthropic.claude_code.tracing")
            .with("span.type", "llm_request")
            .with("model", "claude-sonnet-4-5")
            .with("input_tokens", 10)
            .with("cache_read_tokens", 2870)
            .with("output_tokens", 3)
            .normalized(dropping(USAGE));
    assertThat(out)
        .doesNotContainKeys("input_tokens", "cache_read_tokens", "output_tokens")
        .containsEntry("gen_ai.usage.input_tokens", 2880L)
        .containsEntry("gen_ai.usage.cache_read.input_tokens", 2870L);
  }

  @Test
  void countThatAProvidersPayloadOverruledStays() {
    String answer =
        "{\"id\":\"r1\",\"object\":\"chat.completion\",\"model\":\"gpt-4o\","
            + "\"usage\":{\"prompt_tokens\":50,\"completion_tokens\":5}}";
    assertThat(openInference().with("output.value", answer).normalized(droppingAll()))
        .containsEntry("llm.token_count.prompt", 12L)
        .containsEntry("gen_ai.usage.input_tokens", 50L);
  }

  @Test
  void slotWithoutANameInTheTargetKeepsItsOriginal() {
    TestSpan span = openInference().with("llm.prompt_template.version", "7");
    Normalizer core =
        Normalizer.builder().target(ConventionVersion.CORE_1_41).keepOriginals(false).build();
    assertThat(span.normalized(core)).containsKey("llm.prompt_template.version");
    assertThat(span.normalized(droppingAll())).doesNotContainKey("llm.prompt_template.version");
  }

  @Test
  void costGoesIfItIsTheOneThatIsWritten() {
    TestSpan plain = TestSpan.chat().with("gen_ai.usage.total_cost", 0.002);
    assertThat(plain.normalized(dropping(COST))).doesNotContainKey("gen_ai.usage.total_cost");
    assertThat(plain.normalized(dropping(USAGE))).containsKey("gen_ai.usage.total_cost");
    TestSpan agent = plain.with("gen_ai.operation.name", "invoke_agent");
    assertThat(agent.normalized(dropping(COST))).containsKey("gen_ai.usage.total_cost");
    assertThat(TestSpan.chat().with("gen_ai.usage.cost", 0.002).normalized(dropping(COST)))
        .containsKey("gen_ai.usage.cost");
  }

  @Test
  void olderNameOfACountStaysUnlessItIsToGo() {
    TestSpan span = TestSpan.chat().with("gen_ai.usage.input_tokens", 100);
    span.with("gen_ai.usage.cache_creation.input_tokens", 40);
    assertThat(span.normalized())
        .containsEntry("gen_ai.usage.cache_creation.input_tokens", 40L)
        .containsEntry("gen_ai.usage.cache_write.input_tokens", 40L);
    assertThat(span.normalized(dropping(USAGE)))
        .doesNotContainKey("gen_ai.usage.cache_creation.input_tokens")
        .containsEntry("gen_ai.usage.cache_write.input_tokens", 40L);
    Normalizer core =
        Normalizer.builder()
            .target(ConventionVersion.CORE_1_41)
            .dropOriginals(Set.of(USAGE))
            .build();
    assertThat(span.normalized(core))
        .containsEntry("gen_ai.usage.cache_creation.input_tokens", 40L)
        .doesNotContainKey("gen_ai.usage.cache_write.input_tokens");
  }

  @Test
  void processingTwiceEqualsProcessingOnce() {
    TestSpan once = openInference().processed(droppingAll());
    assertThat(once.changes(droppingAll())).isEmpty();
    assertThat(once.normalized(droppingAll())).isEqualTo(openInference().normalized(droppingAll()));
  }

  @Test
  void spanThatWasProcessedBeforeKeepsWhatItHas() {
    TestSpan kept = openInference().processed(Normalizer.create());
    assertThat(kept.normalized(droppingAll())).containsKey("llm.token_count.prompt");
  }

  @Test
  void dialectThatThereIsNotIsRefused() {
    assertThatThrownBy(() -> Normalizer.builder().dropOriginals("opentel", Set.of(CONTENT)).build())
        .hasMessageContaining("dropOriginals=opentel");
  }
}
