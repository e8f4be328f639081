package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.MessagePart.Reasoning;
import dev.tallyspan.semconv.MessagePart.Text;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.PartReader;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Assembles an answer that AI SDK splits into attributes: reasoning, text, tool calls and files.
 */
final class VercelResponse {

  private VercelResponse() {}

  static void read(IndexedSpan span, Draft out) {
    out.content(() -> readAnswer(span, out), Slot.OUTPUT_MESSAGES);
  }

  private static void readAnswer(IndexedSpan span, Draft out) {
    List<String> keys = new ArrayList<>();
    Map<String, Value<?>> answer = new LinkedHashMap<>();
    for (String name : new String[] {"reasoning", "text", "toolCalls", "object", "files"}) {
      for (String prefix : new String[] {"ai.response.", "ai.result."}) {
        Json value = span.get(prefix + name);
        if (value.isPresent() && !answer.containsKey(name)) {
          answer.put(name, value.value());
          keys.add(prefix + name);
        }
      }
    }
    List<MessagePart> parts = parts(Json.of(Value.of(answer)));
    if (!parts.isEmpty()) {
      Message message = new Message("assistant", parts);
      String reason = span.text("ai.response.finishReason");
      out.offerMessages(
          Slot.OUTPUT_MESSAGES,
          List.of(reason == null ? message : message.withFinishReason(reason)),
          keys.get(0));
      keys.forEach(out::consumed);
    }
  }

  /** The same out of one object, {@code {text, reasoning, toolCalls, object, files}}. */
  static List<MessagePart> parts(Json answer) {
    List<MessagePart> parts = new ArrayList<>();
    reasoning(answer.first("reasoning", "reasoningText"), parts);
    String text = answer.get("text").text();
    if (text != null && !text.isEmpty()) {
      parts.add(new Text(text));
    }
    for (Json call : answer.get("toolCalls").unwrapOrSelf()) {
      parts.add(PartReader.toolCall(call.unwrapOrSelf()));
    }
    if (parts.isEmpty() && answer.get("object").isPresent()) {
      parts.add(new Text(answer.get("object").asText()));
    }
    for (Json file : answer.get("files").unwrapOrSelf()) {
      parts.addAll(PartReader.readAll(file.unwrapOrSelf()));
    }
    return parts;
  }

  /** Text up to version 4; later also a list of parts. */
  private static void reasoning(Json reasoning, List<MessagePart> parts) {
    Json list = reasoning.unwrapOrSelf();
    if (list.isArray()) {
      for (Json part : list) {
        Json text = part.isObject() ? part.first("text", "content") : part;
        parts.add(new Reasoning(text.asText(), PartReader.rest(part, "type", "text", "content")));
      }
    } else if (reasoning.isText() && !reasoning.text().isEmpty()) {
      parts.add(new Reasoning(reasoning.text()));
    }
  }
}
