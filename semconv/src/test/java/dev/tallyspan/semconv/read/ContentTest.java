package dev.tallyspan.semconv.read;

import static dev.tallyspan.semconv.TestSpan.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.semconv.ContentFormat;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.Messages;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.JsonWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ContentTest {

  private static final String CONFORMING =
      "[{ \"role\":\"user\", \"parts\":[{\"type\":\"text\",\"content\":\"Hi\"}]}]";

  @Test
  void messagesInTheSchemasShapeStayAsTheyCame() {
    assertThat(chat().with("gen_ai.input.messages", CONFORMING).changes())
        .doesNotContainKey("gen_ai.input.messages");
  }

  @Test
  void messagesAreReadFromTextAndFromStructureAlike() {
    List<Message> fromText =
        chat().with("gen_ai.input.messages", CONFORMING).read().inputMessages();
    List<Message> fromStructure =
        chat().with("gen_ai.input.messages", Json.parse(CONFORMING).value()).read().inputMessages();
    assertThat(fromText).containsExactly(Message.text("user", "Hi")).isEqualTo(fromStructure);
  }

  @Test
  void messagesInAProvidersShapeAreRepaired() {
    assertThat(
            chat()
                .with("gen_ai.input.messages", "[{\"role\":\"user\",\"content\":\"Hi\"}]")
                .changes())
        .containsEntry(
            "gen_ai.input.messages",
            "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Hi\"}]}]");
  }

  @Test
  void cutOffMessagesAreRepaired() {
    assertThat(
            chat()
                .with("gen_ai.input.messages", CONFORMING.substring(0, CONFORMING.length() - 5))
                .changes())
        .containsEntry(
            "gen_ai.input.messages",
            "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Hi\"}]}]");
  }

  @Test
  void contentIsStructuredIfAskedFor() {
    Map<String, Object> out =
        chat()
            .with("gen_ai.input.messages", "[{\"role\":\"user\",\"content\":\"Hi\"}]")
            .changes(Normalizer.builder().content(ContentFormat.STRUCTURED).build());
    assertThat(out.get("gen_ai.input.messages"))
        .isEqualTo(
            List.of(
                Map.of("role", "user", "parts", List.of(Map.of("type", "text", "content", "Hi")))));
  }

  private static final String NESTED =
      "{\"a\":[1,2.50,\"{\\\"looks\\\":\\\"like JSON\\\"}\",null,{\"b\":true}]}";

  private static final Map<String, String> IN_SHAPE =
      Map.of(
          "gen_ai.input.messages",
          "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"[1]\"}],\"own\":7}]",
          "gen_ai.output.messages",
          "[{\"role\":\"assistant\",\"parts\":[],\"finish_reason\":\"stop\"}]",
          "gen_ai.system_instructions",
          "[{\"type\":\"text\",\"content\":\"{\\\"a\\\":1}\"}]",
          "gen_ai.tool.definitions",
          "[{\"type\":\"function\",\"name\":\"f\",\"strict\":true}]",
          "gen_ai.tool.call.arguments",
          NESTED,
          "gen_ai.tool.call.result",
          "[" + NESTED + "]",
          "gen_ai.retrieval.documents",
          "[{\"id\":\"d1\",\"score\":0.5,\"content\":\"[]\"}]");

  private static TestSpan withContent(Function<String, Object> form) {
    TestSpan span = chat();
    IN_SHAPE.forEach((key, text) -> span.with(key, form.apply(text)));
    return span;
  }

  @Test
  void contentThatCameStructuredLeavesAsText() {
    Map<String, Object> out = withContent(text -> Json.parse(text).value()).normalized();
    IN_SHAPE.forEach(
        (key, text) ->
            assertThat(Json.parse((String) out.get(key))).as(key).isEqualTo(Json.parse(text)));
  }

  @Test
  void contentThatCameAsTextLeavesStructuredIfAskedFor() {
    Map<String, Object> out =
        withContent(text -> text)
            .normalized(Normalizer.builder().content(ContentFormat.STRUCTURED).build());
    IN_SHAPE.forEach(
        (key, text) ->
            assertThat(out.get(key)).as(key).isEqualTo(TestSpan.plain(Json.parse(text).value())));
  }

  @Test
  void contentInTheFormThatIsAskedForStaysAsItCame() {
    assertThat(withContent(text -> text).changes())
        .doesNotContainKeys(IN_SHAPE.keySet().toArray(new String[0]));
    assertThat(
            withContent(text -> Json.parse(text).value())
                .changes(Normalizer.builder().content(ContentFormat.STRUCTURED).build()))
        .doesNotContainKeys(IN_SHAPE.keySet().toArray(new String[0]));
  }

  @Test
  void contentThatWasSerialisedTwiceIsOpenedOnceMore() {
    assertThat(withContent(text -> quoted(" " + text)).normalized())
        .allSatisfy(
            (key, value) -> {
              if (IN_SHAPE.containsKey(key)) {
                assertThat(value.toString().strip()).isEqualTo(IN_SHAPE.get(key));
              }
            });
    assertThat(withContent(text -> quoted(quoted(text))).normalized())
        .containsAllEntriesOf(IN_SHAPE);
  }

  @Test
  void contentInAnotherShapeThatWasSerialisedTwiceIsRepaired() {
    assertThat(
            chat()
                .with(
                    "gen_ai.input.messages",
                    quoted("[{\"role\":\"user\",\"content\":\"{\\\"a\\\":1}\"}]"))
                .changes())
        .containsEntry(
            "gen_ai.input.messages",
            "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"{\\\"a\\\":1}\"}]}]");
  }

  @Test
  void partsThatAreTextAreOpened() {
    assertThat(
            chat()
                .with(
                    "gen_ai.input.messages",
                    "[{\"role\":\"user\",\"parts\":"
                        + quoted("[{\"type\":\"text\",\"content\":\"Hi\"}]")
                        + "}]")
                .read()
                .inputMessages())
        .containsExactly(Message.text("user", "Hi"));
  }

  @Test
  void plainTextOfATopLevelSlotStaysText() {
    assertThat(
            chat()
                .with("gen_ai.tool.call.result", quoted("done"))
                .with("gen_ai.tool.call.arguments", "{not JSON")
                .changes())
        .doesNotContainKeys("gen_ai.tool.call.result", "gen_ai.tool.call.arguments");
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder();
    JsonWriter.quote(text, out);
    return out.toString();
  }

  @Test
  void finishReasonsAreTakenFromTheMessages() {
    assertThat(
            chat()
                .with(
                    "gen_ai.output.messages",
                    "[{\"role\":\"assistant\",\"parts\":[],\"finish_reason\":\"stop\"}]")
                .changes())
        .containsEntry("gen_ai.response.finish_reasons", List.of("stop"));
  }

  @Test
  void instructionsAreParts() {
    assertThat(chat().with("gen_ai.system_instructions", "Be brief.").changes())
        .containsEntry(
            "gen_ai.system_instructions", "[{\"type\":\"text\",\"content\":\"Be brief.\"}]");
    assertThat(
            chat()
                .with(
                    "gen_ai.system_instructions",
                    "[{\"role\":\"system\",\"content\":\"Be brief.\"}]")
                .read()
                .systemInstructions())
        .containsExactly(new MessagePart.Text("Be brief."));
  }

  @Test
  void toolDefinitionsAreUnwrapped() {
    String expected =
        "[{\"type\":\"function\",\"name\":\"f\",\"description\":\"d\","
            + "\"parameters\":{\"type\":\"object\"}}]";
    assertThat(
            chat()
                .with(
                    "gen_ai.tool.definitions",
                    "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"d\","
                        + "\"parameters\":{\"type\":\"object\"}}}]")
                .changes())
        .containsEntry("gen_ai.tool.definitions", expected);
    assertThat(
            chat()
                .with(
                    "gen_ai.tool.definitions",
                    List.of(
                        "{\"name\":\"f\",\"description\":\"d\","
                            + "\"input_schema\":{\"type\":\"object\"}}"))
                .changes())
        .containsEntry("gen_ai.tool.definitions", expected);
  }

  @Test
  void longContentIsCutInsideItsTexts() {
    Normalizer normalizer = Normalizer.builder().maxContentLength(300).build();
    String written =
        (String)
            chat()
                .with(
                    "gen_ai.input.messages",
                    "[{\"role\":\"user\",\"content\":\"" + "x".repeat(5000) + "\"}]")
                .changes(normalizer)
                .get("gen_ai.input.messages");
    assertThat(written.length()).isLessThanOrEqualTo(300);
    assertThat(MessageParser.parse(written).get(0).role()).isEqualTo("user");
  }

  @Test
  void messagesAsTextFitTheLengthThatIsAskedFor() {
    List<Message> messages =
        List.of(Message.text("user", "x".repeat(5000)), Message.text("assistant", "Hi"));
    String json = Messages.toJson(messages, 200);
    assertThat(json.length()).isLessThanOrEqualTo(200);
    assertThat(MessageParser.parse(json)).endsWith(Message.text("assistant", "Hi"));
    assertThat(Messages.toJson(messages, 2)).isEqualTo("[]");
    assertThatThrownBy(() -> Messages.toJson(messages, 1)).hasMessageContaining("maxLength=1");
  }

  @Test
  void partsAreReadAndWrittenAsTextAndAsStructure() {
    List<MessagePart> parts = List.of(new MessagePart.Text("Be brief."));
    assertThat(MessageParser.parseParts(Messages.partsToJson(parts))).isEqualTo(parts);
    assertThat(MessageParser.parseParts(Messages.partsToValue(parts))).isEqualTo(parts);
    assertThat(MessageParser.parseParts("Be brief.")).isEqualTo(parts);
  }

  private static Json documents(String sent) {
    return Json.parse(
        (String)
            TestSpan.span("search")
                .with("gen_ai.operation.name", "retrieval")
                .with("gen_ai.retrieval.documents", sent)
                .normalized()
                .get("gen_ai.retrieval.documents"));
  }

  @Test
  void documentsThatAreWrittenHaveIdsAndScores() {
    Json documents =
        documents(
            "[{\"content\":\"a\",\"metadata\":{\"doc_id\":7,\"relevance_score\":0.5}},"
                + "{\"content\":\"b\",\"distance\":0.1},{\"id\":\"c\",\"score\":\"0.25\"}]");
    assertThat(documents.at(0).get("id").text()).isEqualTo("7");
    assertThat(documents.at(0).get("score").value().getValue()).isEqualTo(0.5);
    assertThat(documents.at(1).get("id").text()).isEqualTo("1");
    assertThat(documents.at(2).get("score").value().getValue()).isEqualTo(0.25);
  }

  @Test
  void scoreThatIsNotKnownIsSaidToBeNone() {
    Json documents = documents("[{\"id\":\"a\",\"distance\":0.1},{\"id\":\"b\",\"score\":0}]");
    assertThat(documents.at(0).get("score").value().getValue()).isEqualTo(0.0);
    assertThat(documents.at(0).get("score_known").value().getValue()).isEqualTo(false);
    assertThat(documents.at(0).get("distance").value().getValue()).isEqualTo(0.1);
    assertThat(documents.at(1).get("score_known").isPresent()).isFalse();
  }

  @Test
  void textsToEmbedAreNoConversation() {
    String texts = "[\"The quick brown fox\",\"jumps over\"]";
    TestSpan embeddings = TestSpan.span("embeddings m").with("gen_ai.operation.name", "embeddings");
    assertThat(embeddings.with("gen_ai.input.messages", texts).normalized())
        .containsEntry("gen_ai.input.messages", texts);
    assertThat(
            TestSpan.span("embeddings m")
                .with("gen_ai.operation.name", "embeddings")
                .with("gen_ai.input.messages", List.of("a", "b"))
                .normalized())
        .containsEntry("gen_ai.input.messages", "[\"a\",\"b\"]");
    assertThat(
            TestSpan.span("openai.embeddings")
                .scope("openllmetry")
                .with("llm.request.type", "embedding")
                .with("gen_ai.request.model", "m")
                .with("gen_ai.prompt.0.content", "a")
                .normalized())
        .containsEntry("gen_ai.operation.name", "embeddings")
        .doesNotContainKey("gen_ai.input.messages");
  }
}
