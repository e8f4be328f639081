package dev.tallyspan.semconv.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.Messages;
import dev.tallyspan.semconv.internal.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BudgetTest {

  private static final String KEY = "gen_ai.input.messages";

  private static String conversation(int turns, String text) {
    List<Message> messages = new ArrayList<>();
    messages.add(Message.text("system", "You are a helpful assistant."));
    for (int i = 0; i < turns; i++) {
      messages.add(Message.text(i % 2 == 0 ? "user" : "assistant", "turn " + i + " " + text));
    }
    return Messages.toJson(messages);
  }

  private static ContentPolicy upTo(int attribute, long span) {
    return ContentPolicy.builder()
        .mode(ContentMode.FULL)
        .maxAttributeBytes(attribute)
        .maxSpanBytes(span)
        .build();
  }

  @Test
  void keepsTheSystemMessageAndTheLastOnes() {
    String json = conversation(40, "word ".repeat(20));

    Edited<String> cut = upTo(1000, 0).text(KEY, json);

    Json messages = Json.parse(cut.value());
    assertThat(messages.truncated()).isFalse();
    assertThat(messages.at(0).get("role").text()).isEqualTo("system");
    assertThat(messages.at(messages.size() - 1).toString()).isNotNull();
    assertThat(cut.value()).contains("turn 39").contains("turn 38").doesNotContain("turn 0 ");
    assertThat(Truncation.utf8Length(cut.value())).isLessThanOrEqualTo(1000);
    assertThat(cut.report().truncatedBytes()).isGreaterThan(4000);
  }

  @Test
  void saysHowManyMessagesAndBytesAreGone() {
    String json = conversation(40, "word ".repeat(20));

    Json messages = Json.parse(upTo(1000, 0).text(KEY, json).value());

    Json note = messages.at(1).get("tallyspan.truncated");
    assertThat(note.get("messages").asCount()).isEqualTo(41 - messages.size());
    assertThat(note.get("bytes").asCount()).isGreaterThan(4000);
  }

  @Test
  void oneLongMessageKeepsItsBeginningAndItsEnd() {
    String json = conversation(1, "x".repeat(20) + " " + "middle ".repeat(1000) + " the end");

    String cut = upTo(400, 0).text(KEY, json).value();

    assertThat(cut)
        .contains("turn 0 xxx")
        .contains("the end")
        .containsPattern("truncated \\d+ bytes");
    assertThat(Json.parse(cut).truncated()).isFalse();
  }

  @Test
  void plainTextSaysHowMuchIsGone() {
    String text = "Straße ".repeat(1000);

    String cut = upTo(200, 0).text("input.value", text).value();

    assertThat(cut)
        .startsWith("Straße")
        .endsWith("Straße ")
        .containsPattern("\\[truncated \\d+ bytes]");
    assertThat(Truncation.utf8Length(cut)).isLessThanOrEqualTo(200).isGreaterThan(150);
  }

  @Test
  void halfAnImageIsNoImage() {
    String json =
        "[{\"role\":\"user\",\"parts\":[{\"type\":\"blob\",\"content\":\""
            + "iVBORw0KGgo".repeat(1000)
            + "\"},{\"type\":\"text\",\"content\":\"What is this?\"}]}]";

    String cut = upTo(400, 0).text(KEY, json).value();

    assertThat(cut)
        .doesNotContain("iVBOR")
        .contains("What is this?")
        .contains("truncated 11000 bytes");
  }

  @Test
  void aRequestKeepsItsSmallMembersAndItsLastMessages() {
    String json =
        "{\"model\":\"gpt-4o\",\"messages\":" + conversation(40, "word ".repeat(20)) + ",\"n\":1}";

    Json cut = Json.parse(upTo(1000, 0).text("input.value", json).value());

    assertThat(cut.get("model").text()).isEqualTo("gpt-4o");
    assertThat(cut.get("n").asCount()).isEqualTo(1);
    assertThat(cut.get("messages").at(0).get("role").text()).isEqualTo("system");
    assertThat(cut.get("messages").size()).isGreaterThan(3);
  }

  @Test
  void aSpanSharesItsBudget() {
    Attributes span =
        Attributes.of(
            "input.value", "a ".repeat(2000), "output.value", "b ".repeat(2000), "prompt", "short");

    Map<String, Object> left = span.after(upTo(0, 1000));

    assertThat(left).containsEntry("prompt", "short");
    long size = 0;
    for (Object value : left.values()) {
      size += Truncation.utf8Length((String) value);
    }
    assertThat(size).isLessThanOrEqualTo(1000).isGreaterThan(800);
  }

  @Test
  void eventsOfASpanShareItsBudgetAndATraceThatOfItsSpans() {
    ContentPolicy policy = upTo(0, 1000);
    ContentBudget trace = ContentBudget.ofBytes(1500);
    ContentBudget first = trace.part(1000);
    Attributes.of("input.value", "a".repeat(600)).after(policy);
    policy.apply(Attributes.of("input.value", "a ".repeat(300)), Attributes.of(), first);
    assertThat(first.remaining()).isEqualTo(400);
    Attributes event = Attributes.of("content", "b ".repeat(300));
    policy.apply(event, event, first);
    assertThat(((String) event.result().get("content")).length()).isLessThanOrEqualTo(400);

    Attributes second = Attributes.of("input.value", "c ".repeat(400));
    policy.apply(second, second, trace.part(1000));

    assertThat(((String) second.result().get("input.value")).length()).isBetween(400, 560);
  }

  @Test
  void whatIsNotContentIsNotCut() {
    Attributes span = Attributes.of("url.full", "https://host.test/" + "x".repeat(5000));

    span.report(upTo(100, 100));

    assertThat(span.isUntouched()).isTrue();
  }

  @Test
  void withoutAnyBudgetLeftContentIsRemoved() {
    ContentBudget spent = ContentBudget.ofBytes(64);
    spent.spend(64);
    Attributes span = Attributes.of("input.value", "hello", "user.id", "7");

    upTo(0, 64).apply(span, span, spent);

    assertThat(span.result()).containsOnlyKeys("user.id");
    assertThatThrownBy(() -> ContentBudget.ofBytes(-1)).hasMessageContaining("bytes=-1");
  }
}
