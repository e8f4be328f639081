package dev.tallyspan.semconv.read;

import static dev.tallyspan.semconv.TestSpan.chat;
import static dev.tallyspan.semconv.TestSpan.span;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spans that are made, or happen, to cost more than they are worth. */
@Timeout(value = 180, unit = SECONDS)
class BombsTest {

  private static final int DEEP = 100_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gen_ai.tool.call.arguments",
        "gen_ai.retrieval.documents",
        "gen_ai.usage.input_tokens",
        "gen_ai.prompt",
        "llm.invocation_parameters",
        "input.value",
        "output.value",
        "ai.response.providerMetadata",
        "langfuse.observation.input",
        "braintrust.metadata",
        "mlflow.spanOutputs",
        "gcp.vertex.agent.llm_request"
      })
  void jsonThatNestsWithoutEndIsNoFault(String key) {
    for (String bomb :
        List.of(
            "[".repeat(DEEP) + "]".repeat(DEEP),
            "{\"a\":".repeat(DEEP) + "1" + "}".repeat(DEEP),
            "[".repeat(DEEP))) {
      TestSpan span =
          chat()
              .with("openinference.span.kind", "LLM")
              .with("mlflow.spanType", "LLM")
              .with(key, bomb);
      assertThat(span.read().faults()).isEmpty();
      assertThat(span.normalized()).containsEntry(key, bomb);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gen_ai.input.messages",
        "gen_ai.system_instructions",
        "gen_ai.tool.definitions",
        "gen_ai.tool.call.arguments",
        "gen_ai.retrieval.documents",
        "gen_ai.usage.input_tokens",
        "gen_ai.prompt",
        "langfuse.observation.output",
        "output.value"
      })
  void structureThatNestsWithoutEndIsNoFault(String key) {
    Value<?> deep = Value.of("x");
    for (int i = 0; i < DEEP; i++) {
      deep = i % 2 == 0 ? Value.of(List.of(deep)) : Value.of(Map.of("a", deep));
    }
    Value<?> message =
        Value.of(Map.of("role", Value.of("user"), "parts", Value.of(List.of(deep)), "type", deep));
    for (Value<?> bomb : List.of(deep, Value.of(List.of(message)), message)) {
      TestSpan span = chat().with("openinference.span.kind", "LLM").with(key, bomb);
      assertThat(span.read().faults()).isEmpty();
      assertThat(span.read().requestModel()).isEqualTo("gpt-4o");
      for (Object written : span.changes().values()) {
        assertThat(String.valueOf(written)).hasSizeLessThan(10_000);
      }
    }
  }

  @Test
  void indexesWithoutEndGiveABoundedList() {
    TestSpan span = span("x").with("llm.request.type", "chat");
    for (int i = 0; i < 20_000; i++) {
      span.append("gen_ai.prompt." + i * 7 + ".content", "m");
    }
    assertThat(span.read().inputMessages()).hasSize(10_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2147483648", "-1", "1e3", "\u0663", "99999999999999999999", "0x1", " 1"})
  void indexThatIsNoneMakesNoMessage(String index) {
    TestSpan span =
        span("x")
            .with("openinference.span.kind", "LLM")
            .with("llm.input_messages." + index + ".message.content", "a")
            .with("llm.input_messages.0.message.content", "b");
    assertThat(span.read().inputMessages()).containsExactly(Message.text("user", "b"));
    assertThat(span.normalized())
        .containsEntry("llm.input_messages." + index + ".message.content", "a");
  }

  // An image of 20 MB in an attribute is not unheard of.
  @Test
  void largeImageIsReadOnceAndGoesIfItMayNotBeThatLarge() {
    String image = "A".repeat(20_000_000);
    TestSpan span =
        chat()
            .with(
                "gen_ai.input.messages",
                "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"See\"},"
                    + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,"
                    + image
                    + "\"}}]}]");
    Normalizer limited = Normalizer.builder().maxContentLength(1000).build();
    String written = (String) span.changes(limited).get("gen_ai.input.messages");
    assertThat(written.length()).isLessThanOrEqualTo(1000);
    assertThat(MessageParser.parse(written).get(0).parts())
        .containsExactly(
            new MessagePart.Text("See"), new MessagePart.Blob("image/png", "image", "", Map.of()));
  }

  @Test
  void textFullOfEscapesAndQuotesIsReadInTime() {
    String text = "\\\"".repeat(2_000_000);
    assertThat(
            chat()
                .with("gen_ai.input.messages", "[{\"role\":\"user\",\"content\":\"" + text + "\"}]")
                .read()
                .inputMessages())
        .hasSize(1);
    chat().with("gen_ai.input.messages", "['" + "a', '".repeat(500_000)).read();
    chat().with("gen_ai.response.finish_reasons", "[" + " ,".repeat(500_000) + "]").read();
    chat().with("gen_ai.response.finish_reasons", "[" + " ".repeat(500_000) + "]").read();
  }

  @Test
  void numbersWithoutEndAreNoCounts() {
    String digits = "9".repeat(1_000_000);
    LlmSpan llm =
        chat()
            .with("gen_ai.usage.input_tokens", digits)
            .with("gen_ai.usage.output_tokens", "1e999999999")
            .with("gen_ai.input.messages", "[{\"role\":\"user\",\"n\":" + digits + "}]")
            .read();
    assertThat(llm.usage()).isNull();
  }

  @Test
  void laterOfTwoMembersOfOneNameCounts() {
    assertThat(
            chat()
                .with(
                    "gen_ai.input.messages",
                    "[{\"role\":\"system\",\"role\":\"user\",\"content\":\"a\"}]")
                .read()
                .inputMessages())
        .containsExactly(Message.text("user", "a"));
  }
}
