package dev.tallyspan.semconv.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart.Blob;
import dev.tallyspan.semconv.MessagePart.Reasoning;
import dev.tallyspan.semconv.MessagePart.ServerToolCall;
import dev.tallyspan.semconv.MessagePart.StoredFile;
import dev.tallyspan.semconv.MessagePart.Text;
import dev.tallyspan.semconv.MessagePart.ToolCall;
import dev.tallyspan.semconv.MessagePart.ToolCallResponse;
import dev.tallyspan.semconv.MessagePart.Uri;
import dev.tallyspan.semconv.TestSpan;
import dev.tallyspan.semconv.internal.dialect.IndexedSpan;
import dev.tallyspan.semconv.internal.json.Json;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTest {

  private static List<Message> input(String json) {
    return MessageReader.input().read(Json.of(json));
  }

  private static List<Message> output(String json) {
    return MessageReader.output().read(Json.of(json));
  }

  private static ToolCall weather(String id) {
    return new ToolCall(id, "get_weather", TestSpan.value(Map.of("city", "Paris")), Map.of());
  }

  @Test
  void plainTextIsOneMessage() {
    assertThat(input("Hello [you]")).containsExactly(Message.text("user", "Hello [you]"));
    assertThat(output("Hi")).containsExactly(Message.text("assistant", "Hi"));
  }

  @Test
  void openAiChat() {
    List<Message> messages =
        input(
            """
            [{"role":"developer","content":"Be brief."},
             {"role":"user","content":[{"type":"text","text":"Weather?"},
               {"type":"image_url","image_url":{"url":"https://x.test/a.png","detail":"low"}}]},
             {"role":"assistant","content":"Let me see.","tool_calls":[
               {"id":"c1","type":"function","function":
                 {"name":"get_weather","arguments":"{\\"city\\":\\"Paris\\"}"}}]},
             {"role":"tool","tool_call_id":"c1","content":"{\\"temp\\":21}"}]
            """);
    assertThat(messages)
        .containsExactly(
            Message.text("system", "Be brief."),
            new Message(
                "user",
                List.of(
                    new Text("Weather?"),
                    new Uri(
                        null, "image", "https://x.test/a.png", Map.of("detail", Value.of("low"))))),
            new Message("assistant", List.of(new Text("Let me see."), weather("c1"))),
            new Message(
                "tool",
                List.of(new ToolCallResponse("c1", TestSpan.value(Map.of("temp", 21)), Map.of()))));
  }

  @Test
  void openAiChatResponse() {
    assertThat(
            output(
                """
                {"id":"x","choices":[{"index":0,"finish_reason":"tool_calls","message":
                  {"role":"assistant","content":null,"reasoning_content":"Hm.","tool_calls":[
                    {"id":"c1","type":"function","function":
                      {"name":"get_weather","arguments":"{\\"city\\":\\"Paris\\"}"}}]}}],
                 "usage":{"prompt_tokens":1}}
                """))
        .containsExactly(
            new Message("assistant", List.of(new Reasoning("Hm."), weather("c1")))
                .withFinishReason("tool_calls"));
  }

  @Test
  void openAiResponsesItemsAreOneTurn() {
    assertThat(
            output(
                """
                {"output":[
                  {"type":"reasoning","id":"r1","summary":[{"type":"summary_text","text":"Hm."}]},
                  {"type":"message","role":"assistant","content":
                    [{"type":"output_text","text":"Let me see.","annotations":[]}]},
                  {"type":"function_call","id":"f1","call_id":"c1","name":"get_weather",
                   "arguments":"{\\"city\\":\\"Paris\\"}","status":"completed"}]}
                """))
        .singleElement()
        .satisfies(
            message -> {
              assertThat(message.role()).isEqualTo("assistant");
              assertThat(message.parts())
                  .hasSize(3)
                  .last()
                  .isInstanceOfSatisfying(
                      ToolCall.class, call -> assertThat(call.id()).isEqualTo("c1"));
              assertThat(((Reasoning) message.parts().get(0)).content()).isEqualTo("Hm.");
            });
  }

  @Test
  void openAiResponsesInputItems() {
    assertThat(
            input(
                """
                [{"role":"user","content":"Weather?"},
                 {"type":"function_call","call_id":"c1","name":"get_weather",
                  "arguments":"{\\"city\\":\\"Paris\\"}"},
                 {"type":"function_call_output","call_id":"c1","output":"21"}]
                """))
        .containsExactly(
            Message.text("user", "Weather?"),
            new Message("assistant", List.of(weather("c1"))),
            new Message("tool", List.of(new ToolCallResponse("c1", Value.of("21"), Map.of()))));
  }

  @Test
  void anthropicBlocks() {
    List<Message> messages =
        input(
            """
            {"system":"Be brief.","model":"claude","messages":[
              {"role":"user","content":[{"type":"image","source":
                 {"type":"base64","media_type":"image/png","data":"iVBO"}}]},
              {"role":"assistant","content":[
                 {"type":"thinking","thinking":"Hm.","signature":"sig"},
                 {"type":"redacted_thinking","data":"xx"},
                 {"type":"tool_use","id":"c1","name":"get_weather","input":{"city":"Paris"}}]},
              {"role":"user","content":[
                 {"type":"tool_result","tool_use_id":"c1","content":[{"type":"text","text":"21"}]},
                 {"type":"tool_result","tool_use_id":"c2","is_error":true,"content":"no"}]}]}
            """);
    assertThat(messages)
        .containsExactly(
            Message.text("system", "Be brief."),
            new Message("user", List.of(new Blob("image/png", "image", "iVBO", Map.of()))),
            new Message(
                "assistant",
                List.of(
                    new Reasoning("Hm.", Map.of("signature", Value.of("sig"))),
                    new Reasoning("", Map.of("data", Value.of("xx"))),
                    weather("c1"))),
            new Message(
                "tool",
                List.of(
                    new ToolCallResponse("c1", Value.of("21"), Map.of()),
                    new ToolCallResponse(
                        "c2", Value.of("no"), Map.of("is_error", Value.of(true))))));
  }

  @Test
  void anthropicResponse() {
    assertThat(
            output(
                """
                {"id":"msg","type":"message","role":"assistant","stop_reason":"end_turn",
                 "content":[{"type":"text","text":"Hi"}],"usage":{"input_tokens":3}}
                """))
        .containsExactly(Message.text("assistant", "Hi").withFinishReason("stop"));
  }

  @Test
  void geminiContents() {
    assertThat(
            input(
                """
                {"contents":[{"role":"user","parts":[{"text":"Weather?"},
                    {"inlineData":{"mimeType":"audio/wav","data":"UklG"}},
                    {"fileData":{"mimeType":"image/png","fileUri":"gs://b/o"}}]},
                  {"role":"model","parts":[{"text":"Hm.","thought":true},
                    {"functionCall":{"name":"get_weather","args":{"city":"Paris"}}}]},
                  {"role":"user","parts":[{"functionResponse":
                    {"name":"get_weather","response":{"temp":21}}}]}]}
                """))
        .containsExactly(
            new Message(
                "user",
                List.of(
                    new Text("Weather?"),
                    new Blob("audio/wav", "audio", "UklG", Map.of()),
                    new Uri("image/png", "image", "gs://b/o", Map.of()))),
            new Message("assistant", List.of(new Reasoning("Hm."), weather(null))),
            new Message(
                "tool",
                List.of(
                    new ToolCallResponse(
                        null,
                        TestSpan.value(Map.of("temp", 21)),
                        Map.of("name", Value.of("get_weather"))))));
  }

  @Test
  void geminiResponse() {
    assertThat(
            output(
                """
                {"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},
                  "finishReason":"MAX_TOKENS"}]}
                """))
        .containsExactly(Message.text("assistant", "Hi").withFinishReason("length"));
  }

  @Test
  void bedrockConverse() {
    assertThat(
            input(
                """
                [{"role":"user","content":[{"text":"Weather?"}]},
                 {"role":"assistant","content":[{"reasoningContent":{"reasoningText":
                    {"text":"Hm.","signature":"s"}}},{"toolUse":
                   {"toolUseId":"c1","name":"get_weather","input":{"city":"Paris"}}}]},
                 {"role":"user","content":[{"toolResult":
                   {"toolUseId":"c1","content":[{"json":{"temp":21}}],"status":"success"}}]}]
                """))
        .hasSize(3)
        .element(1)
        .isEqualTo(
            new Message(
                "assistant",
                List.of(new Reasoning("Hm.", Map.of("signature", Value.of("s"))), weather("c1"))));
  }

  @Test
  void langChainSerialized() {
    assertThat(
            input(
                """
                {"messages":[[
                  {"lc":1,"type":"constructor","id":["langchain_core","messages","HumanMessage"],
                   "kwargs":{"content":"Weather?","additional_kwargs":{}}},
                  {"lc":1,"type":"constructor","id":["langchain_core","messages","AIMessageChunk"],
                   "kwargs":{"content":"","tool_calls":[{"name":"get_weather",
                     "args":{"city":"Paris"},"id":"c1","type":"tool_call"}],
                     "additional_kwargs":{"tool_calls":[{"id":"c1","type":"function",
                       "function":{"name":"get_weather","arguments":"{}"}}]}}},
                  {"lc":1,"type":"constructor","id":["langchain_core","messages","ToolMessage"],
                   "kwargs":{"content":"21","tool_call_id":"c1"}}]]}
                """))
        .containsExactly(
            Message.text("user", "Weather?"),
            new Message("assistant", List.of(weather("c1"))),
            new Message("tool", List.of(new ToolCallResponse("c1", Value.of("21"), Map.of()))));
  }

  @Test
  void langChainGenerations() {
    assertThat(
            output(
                """
                {"generations":[[{"text":"Hi","generationInfo":{"finish_reason":"stop"},
                  "message":{"lc":1,"type":"constructor",
                    "id":["langchain_core","messages","AIMessage"],"kwargs":{"content":"Hi"}}}]]}
                """))
        .containsExactly(Message.text("assistant", "Hi").withFinishReason("stop"));
  }

  @Test
  void aiSdkParts() {
    assertThat(
            input(
                """
                [{"role":"assistant","content":[{"type":"text","text":"Let me see."},
                   {"type":"tool-call","toolCallId":"c1","toolName":"get_weather",
                    "input":{"city":"Paris"}}]},
                 {"role":"tool","content":[{"type":"tool-result","toolCallId":"c1",
                    "toolName":"get_weather","output":{"type":"json","value":{"temp":21}}}]},
                 {"role":"user","content":[{"type":"image","image":{"0":137,"1":80}}]}]
                """))
        .containsExactly(
            new Message("assistant", List.of(new Text("Let me see."), weather("c1"))),
            new Message(
                "tool",
                List.of(
                    new ToolCallResponse(
                        "c1",
                        TestSpan.value(Map.of("temp", 21)),
                        Map.of("toolName", Value.of("get_weather"))))),
            new Message("user", List.of(new Blob(null, "image", "iVA=", Map.of()))));
  }

  @Test
  void openInferenceAttributesPutTogetherAgain() {
    IndexedSpan span =
        new IndexedSpan(
            TestSpan.span("x")
                .with("m.10.message.role", "user")
                .with("m.10.message.content", "last")
                .with("m.2.message.role", "assistant")
                .with("m.2.message.tool_calls.0.tool_call.function.name", "get_weather")
                .with(
                    "m.2.message.tool_calls.0.tool_call.function.arguments", "{\"city\":\"Paris\"}")
                .with("m.2.message.tool_calls.0.tool_call.id", "c1")
                .with("m.0.message.role", "user")
                .with("m.0.message.contents.0.message_content.type", "text")
                .with("m.0.message.contents.0.message_content.text", "first")
                .with("m.0.message.content", "first")
                .with("m.name", "not an index"));
    assertThat(MessageReader.input().read(span.list("m.")))
        .containsExactly(
            Message.text("user", "first"),
            new Message("assistant", List.of(weather("c1"))),
            Message.text("user", "last"));
  }

  @Test
  void hostileIndexesAreNoIndexes() {
    IndexedSpan span =
        new IndexedSpan(
            TestSpan.span("x")
                .with("m.2147483648000.content", "a")
                .with("m.-1.content", "b")
                .with("m.1e3.content", "c")
                .with("m.\u0663.content", "d")
                .with("m.999999999.content", "e"));
    assertThat(span.list("m.").size()).isEqualTo(1);
  }

  @Test
  void indexesComeBeforeNamesWhateverTheOrder() {
    TestSpan span = TestSpan.span("x");
    for (String name : List.of("9", "1a", "10", "95x", "007", "b", "2")) {
      span.with("m.0." + name, name);
    }
    assertThat(new IndexedSpan(span).list("m.").at(0).entries().keySet())
        .containsExactly("2", "007", "9", "10", "1a", "95x", "b");
  }

  @Test
  void storedFilesAndProvidersOwnTools() {
    assertThat(
            input(
                    """
                [{"role":"user","content":[{"type":"file","file":{"file_id":"f1","filename":"a"}},
                   {"type":"web_search_call","id":"w1","status":"completed"},
                   {"type":"cache_point","weird":[1]}]}]
                """)
                .get(0)
                .parts())
        .satisfiesExactly(
            file -> assertThat(((StoredFile) file).fileId()).isEqualTo("f1"),
            call -> assertThat(((ServerToolCall) call).name()).isEqualTo("web_search_call"),
            other -> assertThat(other.extra()).containsKey("weird"));
  }

  @Test
  void argumentsThatAreNotJsonStayText() {
    Message message =
        input("[{\"role\":\"assistant\",\"tool_calls\":[{\"name\":\"f\",\"arguments\":\"{bad\"}]}]")
            .get(0);
    assertThat(((ToolCall) message.parts().get(0)).arguments()).isEqualTo(Value.of("{bad"));
  }

  @Test
  void cutOffMessagesGiveThoseThatAreWhole() {
    assertThat(
            input("[{\"role\":\"user\",\"content\":\"one\"},{\"role\":\"user\",\"content\":\"tw"))
        .containsExactly(Message.text("user", "one"), Message.text("user", "tw"));
    assertThat(input("[{\"role\":\"user\",\"content\":\"one\"},{\"role\":\"us"))
        .containsExactly(Message.text("user", "one"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{}", "", "[{}]", "[[]]", "[null]", "{\"messages\":[]}"})
  void nothingGivesNoMessages(String json) {
    assertThat(input(json)).isEmpty();
  }
}
