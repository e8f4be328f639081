package dev.tallyspan.semconv.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.semconv.ContentFormat;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpanRendererTest {

  private static final SpanRenderer DEFAULT = SpanRenderer.builder().build();
  private static final SpanRenderer DROPPING =
      SpanRenderer.builder().dropOriginals(EnumSet.allOf(KeyClass.class)).build();

  private static TestSpan openInference() {
    return TestSpan.span("chat")
        .with("openinference.span.kind", "LLM")
        .with("llm.model_name", "gpt-4o")
        .with("llm.token_count.prompt", 12)
        .with("llm.input_messages.0.message.role", "user")
        .with("llm.input_messages.0.message.content", "Hi");
  }

  private static Map<String, Object> rendered(
      Normalizer normalizer, TestSpan span, SpanRenderer renderer) {
    return span.rendered(normalizer.read(span), renderer, Cost.Status.PRICED);
  }

  @Test
  void oneReadingIsWrittenForSeveralBackends() {
    TestSpan span = openInference();
    LlmSpan llm = Normalizer.builder().noteOriginals(true).build().read(span);
    SpanRenderer structured =
        SpanRenderer.builder()
            .target(ConventionVersion.CORE_1_41)
            .content(ContentFormat.STRUCTURED)
            .build();

    Map<String, Object> first = span.rendered(llm, DEFAULT, Cost.Status.PRICED);
    Map<String, Object> second = span.rendered(llm, structured, Cost.Status.PRICED);
    Map<String, Object> third = span.rendered(llm, DROPPING, Cost.Status.PRICED);

    assertThat(first)
        .containsEntry(
            "gen_ai.input.messages",
            "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Hi\"}]}]")
        .containsKey("llm.token_count.prompt");
    assertThat(second)
        .containsEntry(
            "gen_ai.input.messages",
            List.of(
                Map.of("role", "user", "parts", List.of(Map.of("type", "text", "content", "Hi")))));
    assertThat(third)
        .containsEntry("gen_ai.usage.input_tokens", 12L)
        .doesNotContainKeys("llm.token_count.prompt", "llm.input_messages.0.message.content");
  }

  @Test
  void readingOfANormalizerThatNotesOriginalsIsWrittenAsThatOfOneThatDoesNot() {
    TestSpan span =
        TestSpan.chat()
            .with(
                "gen_ai.output.messages",
                "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Yes\"}]}]")
            .with("gen_ai.response.finish_reasons", List.of("stop"))
            .with("gen_ai.usage.input_tokens", 3);

    assertThat(rendered(Normalizer.builder().noteOriginals(true).build(), span, DEFAULT))
        .isEqualTo(rendered(Normalizer.create(), span, DEFAULT))
        .containsKey("gen_ai.output.messages");
  }

  @Test
  void originalsThatWereNotNotedStay() {
    assertThat(rendered(Normalizer.create(), openInference(), DROPPING))
        .containsKeys("llm.token_count.prompt", "llm.model_name");
  }

  @Test
  void spanThatWasProcessedBeforeStaysAsItIs() {
    Map<String, Object> once = rendered(Normalizer.create(), openInference(), DEFAULT);

    assertThat(rendered(Normalizer.create(), TestSpan.span("chat").with(once), DROPPING))
        .isEqualTo(once);
  }

  @Test
  void negativeLengthIsAnError() {
    assertThatThrownBy(() -> SpanRenderer.builder().maxContentLength(-1).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxContentLength=-1");
  }
}
