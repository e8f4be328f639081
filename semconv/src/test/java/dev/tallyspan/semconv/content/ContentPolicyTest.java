package dev.tallyspan.semconv.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.MessagePart.Text;
import dev.tallyspan.semconv.MessagePart.ToolCall;
import dev.tallyspan.semconv.TestSpan;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContentPolicyTest {

  private static final String MESSAGES =
      "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"I am a@b.org\"}]},"
          + "{\"role\":\"assistant\",\"parts\":[{\"type\":\"tool_call\",\"id\":\"call_1\","
          + "\"name\":\"lookup\",\"arguments\":{\"mail\":\"a@b.org\",\"max\": 1.0}}]}]";

  private static Attributes span() {
    return Attributes.of(
        "gen_ai.operation.name", "chat",
        "gen_ai.request.model", "gpt-4o",
        "gen_ai.usage.input_tokens", 12L,
        "gen_ai.input.messages", MESSAGES,
        "llm.input_messages.0.message.role", "user",
        "llm.input_messages.0.message.content", "I am a@b.org",
        "input.value", "I am a@b.org",
        "exception.message", "no user a@b.org",
        "user.id", "a@b.org");
  }

  @Test
  void noneRemovesEveryAttributeWithContent() {
    Map<String, Object> left = span().after(ContentPolicy.of(ContentMode.NONE));

    assertThat(left.keySet())
        .containsExactly(
            "gen_ai.operation.name",
            "gen_ai.request.model",
            "gen_ai.usage.input_tokens",
            "llm.input_messages.0.message.role",
            "user.id");
    assertThat(left).containsEntry("user.id", "[EMAIL]");
  }

  @Test
  void metadataKeepsRolesToolsAndLengths() {
    Map<String, Object> left = span().after(ContentPolicy.of(ContentMode.METADATA));

    assertThat(left)
        .containsEntry(
            "gen_ai.input.messages",
            "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"<12 characters>\"}]},"
                + "{\"role\":\"assistant\",\"parts\":[{\"type\":\"tool_call\",\"id\":\"call_1\","
                + "\"name\":\"lookup\",\"arguments\":\"<object, 2 members>\"}]}]")
        .containsEntry("input.value", "<12 characters>")
        .containsEntry("llm.input_messages.0.message.role", "user");
  }

  @Test
  void metadataKeepsNoNameOfAPersonAndNoMemberNameThatIsData() {
    String text =
        "[{\"role\":\"user\",\"name\":\"Anna\",\"content\":\"x\"},"
            + "{\"role\":\"tool\",\"name\":\"lookup\",\"content\":{\"Anna B\":1}}]";

    String left =
        ContentPolicy.of(ContentMode.METADATA).text("gen_ai.input.messages", text).value();

    assertThat(left).doesNotContain("Anna").contains("lookup");
  }

  @Test
  void redactedMasksAndLeavesTheRestByteForByte() {
    Map<String, Object> left = span().after(ContentPolicy.of(ContentMode.REDACTED));

    assertThat(left)
        .containsEntry("gen_ai.input.messages", MESSAGES.replace("a@b.org", "[EMAIL]"))
        .containsEntry("exception.message", "no user [EMAIL]")
        .containsEntry("gen_ai.usage.input_tokens", 12L);
  }

  @Test
  void fullChangesNothing() {
    Attributes span = span();
    assertThat(span.report(ContentPolicy.of(ContentMode.FULL)).isEmpty()).isTrue();
    assertThat(span.isUntouched()).isTrue();
  }

  @Test
  void reportCountsByKind() {
    PolicyReport report = span().report(ContentPolicy.of(ContentMode.REDACTED));

    assertThat(report.masked()).isEqualTo(Map.of("EMAIL", 6));
    assertThat(report.toString()).doesNotContain("a@b");
  }

  @Test
  void pseudonymsAreTheSameForTheSameValueInAnyNotation() {
    ContentPolicy policy =
        ContentPolicy.builder()
            .mode(ContentMode.REDACTED)
            .pseudonyms("0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .build();

    String text = policy.text("input.value", "4111 1111 1111 1111 is 4111-1111-1111-1111").value();

    assertThat(text).matches("(\\[CARD#[a-p]{12}]) is \\1");
    assertThat(policy.text("input.value", text).value()).isSameAs(text);
  }

  @Test
  void structuredValuesAreRedactedInTheirShape() {
    Attributes span =
        Attributes.of(
            "gen_ai.tool.call.arguments",
            Map.of("to", "a@b.org", "password", "hunter2", "n", 3L, "ids", List.of("x", "y")));

    assertThat(span.after(ContentPolicy.of(ContentMode.REDACTED)))
        .containsEntry(
            "gen_ai.tool.call.arguments",
            Map.of("to", "[EMAIL]", "password", "[SECRET]", "n", 3L, "ids", List.of("x", "y")));
  }

  @Test
  void valuesOfSecretNamesAreMaskedWhateverTheyLookLike() {
    String json =
        "{\"apiKey\":\"abc\",\"auth\":{\"Authorization\":\"x y\"},\"pin\":1234,\"ok\":true}";

    assertThat(
            ContentPolicy.of(ContentMode.REDACTED).text("gen_ai.tool.call.arguments", json).value())
        .isEqualTo(
            "{\"apiKey\":\"[SECRET]\",\"auth\":{\"Authorization\":\"[SECRET]\"},"
                + "\"pin\":\"[SECRET]\",\"ok\":true}");
  }

  @Test
  void secretsInAttributesThatAreNotContentAreMasked() {
    Attributes span =
        Attributes.of(
            "http.request.header.authorization",
            List.of("Bearer abcdefghijklmnop1234"),
            "url.full",
            "https://app:s3cretPa5s@host.test/x");

    assertThat(span.after(ContentPolicy.of(ContentMode.REDACTED)))
        .containsEntry("http.request.header.authorization", List.of("[SECRET]"))
        .containsEntry("url.full", "https://app:[SECRET]@host.test/x");
  }

  @Test
  void aSecondAttributeOfTheSameKeyDoesNotLeave() {
    Attributes span = Attributes.of("input.value", "hello", "input.value", "a@b.org");

    assertThat(span.after(ContentPolicy.of(ContentMode.REDACTED)))
        .containsEntry("input.value", "hello");
    assertThat(span.isUntouched()).isFalse();
  }

  @Test
  void aDetectorThatFailsRemovesTheAttribute() {
    ContentPolicy policy =
        ContentPolicy.builder()
            .mode(ContentMode.REDACTED)
            .detector(
                (text, findings) -> {
                  throw new IllegalStateException("x");
                })
            .build();
    Attributes span = Attributes.of("input.value", "hello", "gen_ai.usage.input_tokens", 1L);

    assertThat(span.report(policy).failures()).isEqualTo(1);
    assertThat(span.result()).containsOnlyKeys("gen_ai.usage.input_tokens");
  }

  @Test
  void anAttributeThatCannotBeReadIsRemoved() {
    Attributes edits = Attributes.of();
    PolicyReport report =
        ContentPolicy.of(ContentMode.REDACTED).apply(TestSpan.broken().attributes(), edits);

    assertThat(report.failures()).isPositive();
    assertThat(edits.isUntouched()).isFalse();
  }

  @Test
  void ownDetectorMasksWithItsKind() {
    ContentPolicy policy =
        ContentPolicy.builder()
            .mode(ContentMode.REDACTED)
            .detector(
                (text, findings) -> {
                  int at = text.toString().indexOf("KD-");
                  if (at >= 0) {
                    findings.found(at, at + 7, "CUSTOMER");
                  }
                })
            .build();

    assertThat(policy.text("input.value", "[\"about KD-1234\"]").value())
        .isEqualTo("[\"about [CUSTOMER]\"]");
  }

  @Test
  void bodyThatIsTheNameOfAnEventIsNotContent() {
    ContentPolicy none = ContentPolicy.of(ContentMode.NONE);

    assertThat(none.body(Value.of("claude_code.api_request"), none.spanBudget()).value())
        .isEqualTo(Value.of("claude_code.api_request"));
    assertThat(none.body(Value.of("What is my balance?"), none.spanBudget()).value()).isNull();
    assertThat(none.body(TestSpan.value(Map.of("content", "hi")), none.spanBudget()).value())
        .isNull();
  }

  @Test
  void messagesAreRedactedBeforeTheyAreWritten() {
    List<Message> messages =
        List.of(
            Message.text("user", "I am a@b.org"),
            new Message(
                "assistant",
                List.of(
                    new ToolCall(
                        "call_1", "lookup", TestSpan.value(Map.of("q", "a@b.org")), Map.of()))));

    Edited<List<Message>> edited =
        ContentPolicy.of(ContentMode.REDACTED).messages("gen_ai.input.messages", messages);

    assertThat(edited.report().maskedValues()).isEqualTo(2);
    assertThat(edited.value().get(0)).isEqualTo(Message.text("user", "I am [EMAIL]"));
    ToolCall call = (ToolCall) edited.value().get(1).parts().get(0);
    assertThat(TestSpan.plain(call.arguments())).isEqualTo(Map.of("q", "[EMAIL]"));
  }

  @Test
  void messagesWithoutFindingsAreTheSame() {
    List<Message> messages = List.of(Message.text("user", "hello"));
    ContentPolicy policy = ContentPolicy.of(ContentMode.REDACTED);

    assertThat(policy.messages("gen_ai.input.messages", messages).value()).isSameAs(messages);
    assertThat(
            ContentPolicy.of(ContentMode.NONE).messages("gen_ai.input.messages", messages).value())
        .isEmpty();
  }

  @Test
  void partsAreRedactedBeforeTheyAreWritten() {
    List<MessagePart> parts = List.of(new Text("Never mail a@b.org"));

    assertThat(
            ContentPolicy.of(ContentMode.REDACTED)
                .parts("gen_ai.system_instructions", parts)
                .value())
        .containsExactly(new Text("Never mail [EMAIL]"));
  }

  @Test
  void nulAndHalvesOfPairsAreMendedInEveryMode() {
    ContentPolicy full = ContentPolicy.of(ContentMode.FULL);

    assertThat(full.text("input.value", "a\0b\uD800c").value()).isEqualTo("a\uFFFDb\uFFFDc");
    assertThat(full.text("input.value", "{\"a\":\"x\\u0000\\ud83d\\ude00\\ude00\"}").value())
        .isEqualTo("{\"a\":\"x\\ufffd\\ud83d\\ude00\\ufffd\"}");
    assertThat(full.text("input.value", "{\"a\":\"\\\\u0000\"}").value())
        .isEqualTo("{\"a\":\"\\\\u0000\"}");
  }

  @Test
  void builderRefusesWhatDoesNotFit() {
    assertThatThrownBy(() -> ContentPolicy.of(ContentMode.OFFLOAD))
        .hasMessage("mode=offload needs a store");
    assertThatThrownBy(() -> ContentPolicy.builder().maxAttributeBytes(10).build())
        .hasMessageContaining("maxAttributeBytes=10");
    assertThatThrownBy(() -> ContentPolicy.builder().pseudonyms(new byte[4]).build())
        .hasMessageContaining("16 bytes");
    assertThatThrownBy(() -> ContentPolicy.builder().mode(ContentMode.FULL).redact(true).build())
        .hasMessageContaining("use mode=redacted");
    assertThatThrownBy(() -> ContentMode.ofName("some")).hasMessageContaining("mode=some");
  }
}
