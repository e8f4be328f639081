package dev.tallyspan.semconv.internal.render;

import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.MessagePart.Blob;
import dev.tallyspan.semconv.MessagePart.Reasoning;
import dev.tallyspan.semconv.MessagePart.Text;
import dev.tallyspan.semconv.MessagePart.ToolCall;
import dev.tallyspan.semconv.MessagePart.ToolCallResponse;
import dev.tallyspan.semconv.MessagePart.Uri;
import dev.tallyspan.semconv.internal.json.Json;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Messages as the flat attributes of OpenInference. That form has no place for some of what a
 * message can hold: several tool results in one message, the order of texts and tool calls, stored
 * files, members beyond the schema. Such messages are not written in it: readers take the whole
 * list from one form, and would not look at the other.
 */
final class OpenInferenceConversation {

  private static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool");

  private final String prefix;
  private final Map<String, String> edits = new LinkedHashMap<>();
  private int count = 0;
  private boolean whole = true;

  private OpenInferenceConversation(String prefix) {
    this.prefix = prefix;
  }

  /**
   * Writes messages, if a reader gets back all of them, in the same order.
   *
   * @param prefix of the keys, with a dot at its end
   * @return whether they were written
   */
  static boolean write(String prefix, List<Message> messages, AttributeEdits edits) {
    OpenInferenceConversation conversation = new OpenInferenceConversation(prefix);
    Message before = null;
    for (Message message : messages) {
      // Readers join turns of the model that lack a finish reason.
      conversation.keeps(
          before == null
              || !before.role().equals("assistant")
              || !message.role().equals("assistant")
              || before.finishReason() != null);
      conversation.write(message);
      before = message;
    }
    if (conversation.whole) {
      conversation.edits.forEach(edits::set);
    }
    return conversation.whole;
  }

  private void write(Message message) {
    List<ToolCallResponse> responses = new ArrayList<>();
    List<MessagePart> others = new ArrayList<>();
    for (MessagePart part : message.parts()) {
      if (part instanceof ToolCallResponse response) {
        responses.add(response);
      } else {
        others.add(part);
      }
    }
    keeps(message.extra().isEmpty() && ROLES.contains(message.role()));
    if (responses.isEmpty()) {
      keeps(!message.role().equals("tool") && !others.isEmpty());
      writeParts(message, others);
      return;
    }
    keeps(responses.size() == 1 && others.isEmpty() && message.role().equals("tool"));
    keeps(message.name() == null && message.finishReason() == null);
    for (ToolCallResponse response : responses) {
      writeResponse(response);
    }
    if (!others.isEmpty()) {
      writeParts(message, others);
    }
  }

  private void writeResponse(ToolCallResponse response) {
    String key = start("tool");
    keeps(response.extra().isEmpty());
    if (response.id() != null) {
      edits.put(key + "tool_call_id", response.id());
    }
    Json content = Json.of(response.response());
    edits.put(key + "content", String.valueOf(content.asText()));
    keeps(
        content.isObject() && !(content.size() == 2 && content.get("value").isPresent())
            || content.isArray() && content.size() > 1
            || content.isText() && isPlain(content.text()));
  }

  private void writeParts(Message message, List<MessagePart> parts) {
    String key = start(message.role());
    if (message.name() != null) {
      keeps(!message.name().isEmpty());
      edits.put(key + "name", message.name());
    }
    String reason = message.finishReason();
    if (reason != null) {
      keeps(reason.equals(message.withFinishReason(reason).finishReason()));
      edits.put(key + "finish_reason", reason);
    }
    List<MessagePart> contents = new ArrayList<>();
    int calls = 0;
    for (MessagePart part : parts) {
      if (part instanceof ToolCall call) {
        writeCall(key + "tool_calls." + calls++ + ".tool_call.", call);
      } else {
        keeps(calls == 0); // Tool calls are read after all contents.
        contents.add(part);
      }
    }
    if (contents.size() == 1 && contents.get(0) instanceof Text only) {
      keeps(only);
      edits.put(key + "content", only.content());
      return;
    }
    int at = 0;
    for (MessagePart part : contents) {
      if (writeContent(key + "contents." + at + ".message_content.", part)) {
        at++;
      }
    }
  }

  private void writeCall(String key, ToolCall call) {
    keeps(call.extra().isEmpty() && !call.name().isEmpty());
    keeps(call.id() != null && !call.id().isEmpty());
    if (call.id() != null) {
      edits.put(key + "id", call.id());
    }
    edits.put(key + "function.name", call.name());
    Value<?> arguments = call.arguments();
    if (arguments != null) {
      Json json = Json.of(arguments);
      keeps(json.isObject() || json.isArray() || json.isText() && isPlain(json.text()));
      edits.put(key + "function.arguments", String.valueOf(json.asText()));
    }
  }

  /** Writes a part that is not a tool call; returns whether there is a form for it. */
  private boolean writeContent(String key, MessagePart part) {
    if (part instanceof Text text) {
      keeps(text);
      edits.put(key + "type", "text");
      edits.put(key + "text", text.content());
      return true;
    }
    if (part instanceof Reasoning reasoning) {
      keeps(reasoning.extra().isEmpty() && !reasoning.content().isEmpty());
      edits.put(key + "type", "reasoning");
      edits.put(key + "text", reasoning.content());
      return true;
    }
    if (part instanceof Uri uri && uri.modality().equals("image")) {
      keeps(uri.mimeType() == null && uri.extra().isEmpty());
      return writeImage(key, uri.uri());
    }
    if (part instanceof Blob blob && blob.mimeType() != null && blob.modality().equals("image")) {
      keeps(blob.extra().isEmpty() && blob.mimeType().startsWith("image/"));
      return writeImage(key, "data:" + blob.mimeType() + ";base64," + blob.content());
    }
    whole = false;
    return false;
  }

  private boolean writeImage(String key, String url) {
    edits.put(key + "type", "image");
    edits.put(key + "image.image.url", url);
    return true;
  }

  private String start(String role) {
    String key = prefix + count++ + ".message.";
    edits.put(key + "role", role);
    return key;
  }

  private void keeps(Text text) {
    keeps(text.extra().isEmpty() && !text.content().isEmpty());
  }

  private void keeps(boolean kept) {
    whole &= kept;
  }

  /** Whether readers see text, and not JSON in it. */
  static boolean isPlain(String text) {
    return !text.isBlank() && Json.of(text).innerText() == null;
  }
}
