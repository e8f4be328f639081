package dev.tallyspan.semconv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.MessagePart.Blob;
import dev.tallyspan.semconv.MessagePart.ServerToolCall;
import dev.tallyspan.semconv.MessagePart.ToolCall;
import dev.tallyspan.semconv.MessagePart.ToolCallResponse;
import dev.tallyspan.semconv.MessagePart.Uri;
import io.opentelemetry.api.common.Value;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageTest {

  private static String json(Message message) {
    return Messages.toJson(List.of(message));
  }

  @Test
  void messagesOfAConversation() {
    assertThat(json(Message.system("Be terse.")))
        .isEqualTo(
            "[{\"role\":\"system\",\"parts\":[{\"type\":\"text\",\"content\":\"Be terse.\"}]}]");
    assertThat(json(Message.user("Look").blob("image/png", new byte[] {1, 2, 3})))
        .isEqualTo(
            "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Look\"},"
                + "{\"type\":\"blob\",\"mime_type\":\"image/png\",\"modality\":\"image\","
                + "\"content\":\"AQID\"}]}]");
    assertThat(json(Message.assistant().reasoning("Hm").toolCall("1", "look", "{\"x\":[1,null]}")))
        .isEqualTo(
            "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"reasoning\",\"content\":\"Hm\"},"
                + "{\"type\":\"tool_call\",\"id\":\"1\",\"name\":\"look\","
                + "\"arguments\":{\"x\":[1,null]}}]}]");
    assertThat(json(Message.toolResult("1", "sunny")))
        .isEqualTo(
            "[{\"role\":\"tool\",\"parts\":[{\"type\":\"tool_call_response\",\"id\":\"1\","
                + "\"response\":\"sunny\"}]}]");
  }

  @Test
  void addingLeavesTheMessageAsItWas() {
    Message message = Message.assistant("a").withFinishReason("end_turn");
    Message more = message.and("b");

    assertThat(message.parts()).hasSize(1);
    assertThat(more.parts()).hasSize(2);
    assertThat(more.finishReason()).isEqualTo("stop");
  }

  @Test
  void argumentsThatAreNoJsonAreText() {
    assertThat(ToolCall.of("1", "f", "{\"a\":").arguments()).isEqualTo(Value.of("{\"a\":"));
    assertThat(ToolCall.of("1", "f", " ").arguments()).isNull();
    assertThat(ToolCallResponse.of("1", "[1]").response())
        .isEqualTo(Value.of(List.of(Value.of(1))));
  }

  @Test
  void modalityIsThatOfTheMimeType() {
    assertThat(Uri.of("audio/wav", "https://a").modality()).isEqualTo("audio");
    assertThat(Uri.of("VIDEO/mp4", "https://a").modality()).isEqualTo("video");
    assertThat(Blob.of("application/pdf", new byte[0]).modality()).isEqualTo("document");
    assertThat(Blob.of(null, null).content()).isEmpty();
  }

  @Test
  void nullIsNeverAnError() {
    assertThat(Message.user(null).parts()).isEmpty();
    assertThat(Message.text(null, "x").role()).isEmpty();
    assertThat(new Message(null, null, null, null, null).parts()).isEmpty();
    assertThat(new Message("user", Arrays.asList(null, new MessagePart.Text("x"))).parts())
        .hasSize(1);
    assertThat(Message.assistant().toolCall(null, null, null).parts())
        .containsExactly(ToolCall.of(null, "", null));
    assertThat(Message.toolResult(null, null).parts())
        .containsExactly(ToolCallResponse.of(null, ""));
    assertThat(new ServerToolCall(null, null, null, null).call().asString()).isEqualTo("{}");
    assertThat(Message.user("x").reasoning(null).blob(null, null).uri(null, null).parts())
        .hasSize(3);
  }
}
