package dev.tallyspan.semconv.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptContentTest {

  private static final String SAID =
      "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Yes\"}],"
          + "\"finish_reason\":\"stop\"}]";

  private final Normalizer keeping = Normalizer.builder().keepContent(true).build();

  private static TestSpan openInference() {
    return TestSpan.span("chat")
        .with("openinference.span.kind", "LLM")
        .with("llm.model_name", "gpt-4o")
        .with("llm.token_count.prompt", 12)
        .with("llm.input_messages.0.message.role", "user")
        .with("llm.input_messages.0.message.content", "Hi");
  }

  @Test
  void factsAreWrittenAndContentIsNot() {
    assertThat(openInference().changes(keeping))
        .containsEntry("gen_ai.request.model", "gpt-4o")
        .containsEntry("gen_ai.usage.input_tokens", 12L)
        .doesNotContainKey("gen_ai.input.messages");
  }

  @Test
  void contentIsNotOnTheSpanThatIsRead() {
    LlmSpan llm = keeping.read(openInference());

    assertThat(llm).isNotNull();
    assertThat(llm.inputMessages()).isEmpty();
  }

  @Test
  void contentInTheConventionsNamesIsNotChanged() {
    assertThat(
            TestSpan.chat()
                .with("gen_ai.input.messages", "[{\"role\":\"user\",\"content\":\"Hi\"}]")
                .changes(keeping))
        .doesNotContainKey("gen_ai.input.messages");
  }

  @Test
  void whatOnlyTheMessagesProveIsRead() {
    LlmSpan llm = keeping.read(TestSpan.chat().with("gen_ai.output.messages", SAID));

    assertThat(llm).isNotNull();
    assertThat(llm.get(Slot.FINISH_REASONS)).isEqualTo(List.of("stop"));
    assertThat(llm.outputMessages()).isEmpty();
  }

  @Test
  void droppedOriginalsDoNotTakeContentWithThem() {
    Normalizer dropping =
        Normalizer.builder().keepContent(true).dropOriginals(EnumSet.allOf(KeyClass.class)).build();

    assertThat(openInference().normalized(dropping))
        .containsEntry("llm.input_messages.0.message.content", "Hi")
        .doesNotContainKeys("llm.token_count.prompt", "gen_ai.input.messages");
  }
}
