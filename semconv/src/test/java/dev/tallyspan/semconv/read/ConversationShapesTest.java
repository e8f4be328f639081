package dev.tallyspan.semconv.read;

import static dev.tallyspan.semconv.TestSpan.chat;
import static dev.tallyspan.semconv.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.MessagePart.Blob;
import dev.tallyspan.semconv.MessagePart.Reasoning;
import dev.tallyspan.semconv.MessagePart.StoredFile;
import dev.tallyspan.semconv.MessagePart.Text;
import dev.tallyspan.semconv.MessagePart.ToolCall;
import dev.tallyspan.semconv.MessagePart.ToolCallResponse;
import dev.tallyspan.semconv.MessagePart.Uri;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.internal.json.JsonWriter;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conversations as frameworks shape them: what must not be lost, doubled or made up. */
class ConversationShapesTest {

  private static List<Message> input(String json) {
    return chat().with("gen_ai.input.messages", json).read().inputMessages();
  }

  private static List<Message> output(String json) {
    return chat().with("gen_ai.output.messages", json).read().outputMessages();
  }

  private static List<MessagePart> inputParts(String part) {
    return input("[{\"role\":\"user\",\"content\":[" + part + "]}]").get(0).parts();
  }

  @Test
  void textBesideToolCallsIsKeptAndComesFirst() {
    assertThat(
            output(
                """
                [{"role":"assistant","content":"Let me see.","tool_calls":[
                  {"id":"c1","function":{"name":"f","arguments":"{}"}}]}]
                """))
        .flatExtracting(Message::parts)
        .containsExactly(
            new Text("Let me see."), new ToolCall("c1", "f", Value.of(Map.of()), Map.of()));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`\"{\\\"a\\\":1}\"`, `{\"a\":1}`",
        "`{\"a\":1}`, `{\"a\":1}`",
        "`[1]`, `[1]`",
        "`\"{}\"`, `{}`",
        "`\"\"`, ",
        "`null`, ",
        "`\"{\\\"a\\\":\"`, `\"{\\\"a\\\":\"`",
        "`\"Paris\"`, `\"Paris\"`",
        "`\"7\"`, `\"7\"`",
        "`7`, `7`"
      })
  void argumentsAreStructureIfTheyAreAndTextIfTheyAreNot(String written, String expected) {
    MessagePart part =
        output(
                "[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"function\":"
                    + "{\"name\":\"f\",\"arguments\":"
                    + written
                    + "}}]}]")
            .get(0)
            .parts()
            .get(0);
    Value<?> arguments = ((ToolCall) part).arguments();
    assertThat(arguments == null ? null : JsonWriter.write(arguments)).isEqualTo(expected);
  }

  // Anthropic sends the results of all calls as one message of the user.
  @Test
  void resultsOfSeveralToolsInOneMessageAreOneResponseEach() {
    Message message =
        input(
                """
                [{"role":"user","content":[
                  {"type":"tool_result","tool_use_id":"c1","content":"sunny"},
                  {"type":"tool_result","tool_use_id":"c2","is_error":true,"content":"no"},
                  {"type":"tool_result","tool_use_id":"c3","content":[
                    {"type":"text","text":"see"},
                    {"type":"image","source":{"type":"base64","media_type":"image/png",
                      "data":"iVBO"}}]}]}]
                """)
            .get(0);
    assertThat(message.role()).isEqualTo("tool");
    assertThat(message.parts()).hasSize(3).allMatch(part -> part instanceof ToolCallResponse);
    assertThat(message.parts().get(1).extra()).containsEntry("is_error", Value.of(true));
    assertThat(JsonWriter.write(((ToolCallResponse) message.parts().get(2)).response()))
        .contains("iVBO")
        .contains("see");
  }

  @Test
  void resultBesideWhatTheUserSaysKeepsTheUsersRole() {
    assertThat(
            input(
                """
                [{"role":"user","content":[
                  {"type":"tool_result","tool_use_id":"c1","content":"sunny"},
                  {"type":"text","text":"Thanks."}]}]
                """))
        .singleElement()
        .extracting(Message::role)
        .isEqualTo("user");
  }

  // Gemini has no ids, and some clients send a result before its call.
  @Test
  void resultWithoutAnIdGetsNoneAndStaysWhereItIs() {
    assertThat(
            input(
                """
                [{"role":"tool","content":"sunny"},
                 {"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}]
                """))
        .containsExactly(
            new Message("tool", List.of(new ToolCallResponse(null, Value.of("sunny"), Map.of()))),
            new Message(
                "assistant", List.of(new ToolCall(null, "f", Value.of(Map.of()), Map.of()))));
  }

  @Test
  void differentCallsWithTheSameIdAreAllKept() {
    assertThat(
            output(
                    """
                    [{"role":"assistant","tool_calls":[
                      {"id":"c","function":{"name":"f","arguments":"{}"}},
                      {"id":"c","function":{"name":"g","arguments":"{}"}}]}]
                    """)
                .get(0)
                .parts())
        .extracting(part -> ((ToolCall) part).name())
        .containsExactly("f", "g");
  }

  // LangChain says the same calls up to three times: in content, tool_calls, additional_kwargs.
  @Test
  void callThatIsSaidTwiceIsReadOnce() {
    assertThat(
            output(
                    """
                    {"generations":[[{"message":{"lc":1,"type":"constructor",
                      "id":["langchain_core","messages","AIMessage"],"kwargs":{
                        "content":[{"type":"text","text":"Let me see."},
                          {"type":"tool_use","id":"c","name":"f","input":{"a":1}}],
                        "tool_calls":[{"name":"f","args":{"a":1},"id":"c","type":"tool_call"}],
                        "additional_kwargs":{"tool_calls":[{"id":"c","function":
                          {"name":"f","arguments":"{\\"a\\":1}"}}]}}}}]]}
                    """)
                .get(0)
                .parts())
        .containsExactly(
            new Text("Let me see."),
            new ToolCall("c", "f", TestSpan.value(Map.of("a", 1)), Map.of()));
  }

  @Test
  void imageIsAUriABlobOrAFileByWhatItHolds() {
    assertThat(inputParts("{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://x.test/a\"}}"))
        .containsExactly(new Uri(null, "image", "https://x.test/a", Map.of()));
    assertThat(inputParts("{\"type\":\"image_url\",\"image_url\":\"data:image/png;base64,iVBO\"}"))
        .containsExactly(new Blob("image/png", "image", "iVBO", Map.of()));
    assertThat(inputParts("{\"type\":\"image\",\"image\":\"iVBO\",\"mediaType\":\"image/png\"}"))
        .containsExactly(new Blob("image/png", "image", "iVBO", Map.of()));
    assertThat(inputParts("{\"fileData\":{\"mimeType\":\"image/png\",\"fileUri\":\"gs://b/o\"}}"))
        .containsExactly(new Uri("image/png", "image", "gs://b/o", Map.of()));
    assertThat(inputParts("{\"type\":\"input_image\",\"file_id\":\"file-1\"}"))
        .containsExactly(new StoredFile(null, "image", "file-1", Map.of()));
  }

  // Uint8Array and Buffer as JSON.stringify prints them, bytes as Python's str() does.
  @Test
  void bytesThatARuntimePrintedBecomeABlob() {
    List<MessagePart> png = List.of(new Blob("image/png", "image", "iVA=", Map.of()));
    assertThat(
            inputParts(
                "{\"type\":\"image\",\"mediaType\":\"image/png\",\"image\":{\"0\":137,\"1\":80}}"))
        .isEqualTo(png);
    assertThat(
            inputParts(
                "{\"type\":\"image\",\"mediaType\":\"image/png\","
                    + "\"image\":{\"type\":\"Buffer\",\"data\":[137,80]}}"))
        .isEqualTo(png);
    assertThat(
            inputParts("{\"image\":{\"format\":\"png\",\"source\":{\"bytes\":\"b'\\\\x89P'\"}}}"))
        .isEqualTo(png);
  }

  @Test
  void thoughtsOfEveryProviderAreReasoning() {
    assertThat(inputParts("{\"type\":\"thinking\",\"thinking\":\"Hm.\",\"signature\":\"s\"}"))
        .containsExactly(new Reasoning("Hm.", Map.of("signature", Value.of("s"))));
    assertThat(inputParts("{\"type\":\"redacted_thinking\",\"data\":\"xx\"}"))
        .containsExactly(new Reasoning("", Map.of("data", Value.of("xx"))));
    assertThat(
            output("[{\"role\":\"assistant\",\"reasoning_content\":\"Hm.\",\"content\":\"Hi\"}]"))
        .containsExactly(new Message("assistant", List.of(new Reasoning("Hm."), new Text("Hi"))));
    assertThat(output("[{\"role\":\"assistant\",\"content\":\"<think>Hm.</think>Hi\"}]"))
        .containsExactly(Message.text("assistant", "<think>Hm.</think>Hi"));
  }

  @Test
  void chunksOfAStreamAreNoMessages() {
    LlmSpan llm =
        chat()
            .event("gen_ai.content.completion.chunk", "gen_ai.completion", "He")
            .event("llm.content.completion.chunk", "content", "llo")
            .read();
    assertThat(llm.outputMessages()).isEmpty();
  }

  @Test
  void listOfAStreamsChunksIsTheAnswerTheyAddUpTo() {
    assertThat(
            output(
                """
                [{"object":"chat.completion.chunk","choices":[{"index":0,
                    "delta":{"role":"assistant","content":"Hel"}}]},
                 {"object":"chat.completion.chunk","choices":[{"index":0,
                    "delta":{"content":"lo"}}]},
                 {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{},
                    "finish_reason":"stop"}]},
                 {"object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":3}}]
                """))
        .containsExactly(Message.text("assistant", "Hello").withFinishReason("stop"));
  }

  @Test
  void choicesComeInTheOrderOfTheirIndexesWithAReasonEach() {
    LlmSpan llm =
        chat()
            .event("gen_ai.choice", "index", 1, "finish_reason", "length", "message", "second")
            .event("gen_ai.choice", "index", 0, "finish_reason", "stop", "message", "first")
            .read();
    assertThat(llm.outputMessages())
        .containsExactly(
            Message.text("assistant", "first").withFinishReason("stop"),
            Message.text("assistant", "second").withFinishReason("length"));
    assertThat(llm.get(Slot.FINISH_REASONS)).isEqualTo(List.of("stop", "length"));
  }

  // finish_reasons has an entry for each choice: a shorter list would tell of the wrong ones.
  @Test
  void reasonThatIsMissingIsAnErrorOnlyIfTheCallFailed() {
    TestSpan span =
        chat()
            .event("gen_ai.choice", "index", 0, "message", "first")
            .event("gen_ai.choice", "index", 1, "finish_reason", "stop", "message", "second");
    assertThat(span.read().get(Slot.FINISH_REASONS)).isNull();
    assertThat(span.error().read().get(Slot.FINISH_REASONS)).isEqualTo(List.of("error", "stop"));
  }

  @Test
  void systemMessageStaysWhereItStood() {
    assertThat(
            input(
                """
                [{"role":"user","content":"a"},{"role":"developer","content":"Be brief."},
                 {"role":"user","content":"b"}]
                """))
        .extracting(Message::role)
        .containsExactly("user", "system", "user");
    assertThat(
            chat()
                .with("gen_ai.input.messages", "[{\"role\":\"system\",\"content\":\"Be brief.\"}]")
                .changes())
        .doesNotContainKey("gen_ai.system_instructions");
  }

  // The same prompt as a message and beside the messages would be shown, and counted, twice.
  @Test
  void instructionsThatAreAlsoTheFirstMessageAreReadOnce() {
    LlmSpan llm =
        span("chat")
            .with("llm.request.type", "chat")
            .with("gen_ai.system_instructions", "Be brief.")
            .with("gen_ai.prompt.0.role", "system")
            .with("gen_ai.prompt.0.content", "Be brief.")
            .with("gen_ai.prompt.1.role", "user")
            .with("gen_ai.prompt.1.content", "Hi")
            .read();
    assertThat(llm.systemInstructions()).containsExactly(new Text("Be brief."));
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "Hi"));
  }

  @Test
  void textThatOpenInferenceRepeatsInContentsIsReadOnceOnlyIfItIsTheSame() {
    TestSpan span =
        span("x")
            .with("openinference.span.kind", "LLM")
            .with("llm.input_messages.0.message.role", "user")
            .with("llm.input_messages.0.message.content", "Hi")
            .with("llm.input_messages.0.message.contents.0.message_content.type", "text")
            .with("llm.input_messages.0.message.contents.0.message_content.text", "Hi");
    assertThat(span.read().inputMessages()).containsExactly(Message.text("user", "Hi"));
    span.with("llm.input_messages.0.message.contents.0.message_content.text", "Hi!");
    assertThat(span.read().inputMessages().get(0).parts())
        .containsExactly(new Text("Hi"), new Text("Hi!"));
  }

  // Kong, LiteLLM, Cloudflare and Gemini CLI write a provider's shape under the conventions' name.
  @Test
  void providersShapeUnderTheConventionsNameIsRepairedInPlace() {
    assertThat(
            chat()
                .with(
                    "gen_ai.output.messages",
                    "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"Hi\"}"
                        + "]}}]}")
                .normalized())
        .containsEntry(
            "gen_ai.output.messages",
            "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Hi\"}],"
                + "\"finish_reason\":\"stop\"}]");
  }

  @Test
  void contentInAttributeAndEventIsOneConversation() {
    LlmSpan llm =
        chat()
            .with("gen_ai.input.messages", "[{\"role\":\"user\",\"content\":\"Hi\"}]")
            .event("gen_ai.user.message", "content", "Hi")
            .event(
                "gen_ai.client.inference.operation.details",
                "gen_ai.input.messages",
                "[{\"role\":\"user\",\"content\":\"Hi\"}]")
            .read();
    assertThat(llm.inputMessages()).containsExactly(Message.text("user", "Hi"));
  }

  // Semantic Kernel's name for a message of the developer.
  @Test
  void developersMessageOfSemanticKernelIsASystemMessage() {
    assertThat(
            chat()
                .event(
                    "gen_ai.tool.developer", "gen_ai.event.content", "{\"content\":\"Be brief.\"}")
                .read()
                .inputMessages())
        .containsExactly(Message.text("system", "Be brief."));
  }
}
