package dev.tallyspan.semconv.read;

import static dev.tallyspan.semconv.TestSpan.chat;
import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import dev.tallyspan.semconv.span.SlotReading;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that are written in another type or spelling than the conventions want. */
class LooseValuesTest {

  private static LlmSpan withInputTokens(Object written) {
    return chat()
        .with("gen_ai.usage.prompt_tokens", written)
        .with("gen_ai.usage.output_tokens", 1)
        .read();
  }

  private static String reading(LlmSpan llm, String slot) {
    return llm.readings().stream()
        .filter(reading -> reading.slot().equals(slot))
        .map(SlotReading::value)
        .findFirst()
        .orElse(null);
  }

  @Test
  void wholeNumberIsReadFromWhateverWroteIt() {
    assertThat(withInputTokens("1970").usage().input()).isEqualTo(1970);
    assertThat(withInputTokens(12.0).usage().input()).isEqualTo(12);
    assertThat(withInputTokens("1e3").usage().input()).isEqualTo(1000);
    assertThat(withInputTokens(Map.of("low", 7, "high", 1)).usage().input())
        .isEqualTo((1L << 32) + 7);
    assertThat(withInputTokens(1L << 31).usage().input()).isEqualTo(1L << 31);
    assertThat(withInputTokens("9007199254740993").usage().input()).isEqualTo(9007199254740993L);
  }

  @Test
  void whatIsNoCountIsNotRead() {
    for (Object written :
        Arrays.<Object>asList(
            "12 tokens",
            Long.MAX_VALUE,
            "",
            "none",
            "None",
            "unknown",
            "N/A",
            "NaN",
            "Infinity",
            1.5,
            "-3",
            -1,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            "1e400",
            "99999999999999999999",
            true)) {
      LlmSpan llm = withInputTokens(written);
      assertThat(llm.usage().input()).as("%s", written).isEqualTo(TokenUsage.UNKNOWN);
      assertThat(llm.faults()).isEmpty();
    }
  }

  @Test
  void temperatureOfZeroIsATemperature() {
    assertThat(chat().with("gen_ai.request.temperature", "0.0").normalized())
        .containsEntry("gen_ai.request.temperature", 0.0);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"`stop`", "`[\"stop\"]`", "`[\"stop\", \"\"]`", "`['stop']`", "`[stop]`"})
  void finishReasonsInAnySpellingOfAList(String written) {
    assertThat(
            chat().with("gen_ai.response.finish_reasons", written).read().get(Slot.FINISH_REASONS))
        .isEqualTo(List.of("stop"));
  }

  // A joiner that escapes nothing: the quote inside ends no element.
  @Test
  void listJoinedWithoutEscapingKeepsItsElements() {
    assertThat(
            chat()
                .with("gen_ai.response.finish_reasons", "[\"STOP\", \"a\"b\"]")
                .read()
                .get(Slot.FINISH_REASONS))
        .isEqualTo(List.of("stop", "a\"b"));
  }

  @Test
  void finishReasonsOfAStructureThatIsNoListAreNotRead() {
    assertThat(
            chat()
                .with("gen_ai.response.finish_reasons", Map.of("values", List.of("stop")))
                .read()
                .get(Slot.FINISH_REASONS))
        .isNull();
  }

  @Test
  void tagsInAnySpellingOfAList() {
    for (Object written :
        List.<Object>of(
            List.of("a", "b", "a"),
            "[\"a\",\"b\"]",
            "a, b,",
            "['a', 'b']",
            List.of("a", "b", ""))) {
      LlmSpan llm =
          span("x").with("openinference.span.kind", "LLM").with("tag.tags", written).read();
      assertThat(reading(llm, "tags")).as("%s", written).isEqualTo("[a, b]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"True", "true", "TRUE", "1"})
  void flagInAnySpellingIsSet(String written) {
    assertThat(chat().with("llm.is_streaming", written).with("llm.request.type", "chat").changes())
        .containsEntry("gen_ai.request.stream", true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"False", "false", "0", "no", ""})
  void flagThatIsNotSetIsNotWritten(String written) {
    assertThat(chat().with("llm.is_streaming", written).with("llm.request.type", "chat").changes())
        .doesNotContainKey("gen_ai.request.stream");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"<not specified>", "(merged tools)", "N/A", "none", "None", "unknown", ""})
  void placeholderForNoValueIsNone(String written) {
    LlmSpan llm = span("x").with("gen_ai.tool.name", written).with("gen_ai.system", written).read();
    assertThat(llm.toolName()).isNull();
    assertThat(llm.provider()).isNull();
  }

  // That content was taken out says that there was some.
  @ParameterizedTest
  @ValueSource(strings = {"FILTERED", "<REDACTED>", "__REDACTED__", "[REDACTED]"})
  void redactedContentStaysContent(String written) {
    assertThat(
            span("x")
                .with("llm.request.type", "chat")
                .with("gen_ai.prompt.0.role", "user")
                .with("gen_ai.prompt.0.content", written)
                .read()
                .inputMessages())
        .containsExactly(Message.text("user", written));
    assertThat(chat().with("gen_ai.completion", written).read().outputMessages())
        .containsExactly(Message.text("assistant", written));
  }

  @ParameterizedTest
  @CsvSource({
    "gen_ai.tool_call.id, gen_ai.tool.call.id, c1",
    "gen_ai.tool.call_id, gen_ai.tool.call.id, c1",
    "gen_ai.request_model, gen_ai.request.model, m",
    "gen_ai.response_model, gen_ai.response.model, m",
    "gen_ai.operation, gen_ai.operation.name, chat"
  })
  void misspeltKeyIsRead(String written, String current, String value) {
    assertThat(span("x").with(written, value).changes()).containsEntry(current, value);
  }

  @Test
  void misspeltFinishReasonAndRoleAsKeyAreRead() {
    LlmSpan llm =
        span("x").with("gen_ai.finishReason", "STOP").with("gen_ai.prompt.0.user", "Hi").read();
    assertThat(llm.get(Slot.FINISH_REASONS)).isEqualTo(List.of("stop"));
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "Hi"));
  }

  @Test
  void wordsOfAListAreReadInAnyCaseAndContentAsItIs() {
    LlmSpan llm =
        span("x")
            .with("openinference.span.kind", " Llm ")
            .with("llm.provider", "OpenAI ")
            .with("llm.model_name", " GPT-4o")
            .with("llm.input_messages.0.message.role", "USER")
            .with("llm.input_messages.0.message.content", " Hi ")
            .read();
    assertThat(llm.operation()).isEqualTo("chat");
    assertThat(llm.provider()).isEqualTo("openai");
    assertThat(llm.requestModel()).isEqualTo(" GPT-4o");
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", " Hi "));
  }

  // No chunk can come after the end, or before the start.
  @ParameterizedTest
  @CsvSource({"500, 0.5", "1000, 1.0", "5000, ", "-1, "})
  void timeToTheFirstChunkLiesInsideTheSpan(double millis, Double seconds) {
    TestSpan span =
        span("x")
            .scope("ai")
            .with("ai.operationId", "ai.streamText.doStream")
            .with("ai.model.id", "m")
            .with("ai.response.msToFirstChunk", millis);
    assertThat(span.changes().get("gen_ai.response.time_to_first_chunk")).isEqualTo(seconds);
  }
}
