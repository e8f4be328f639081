package dev.tallyspan.semconv.internal.dialect;

import static dev.tallyspan.semconv.internal.json.Json.put;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.MessagePart.Reasoning;
import dev.tallyspan.semconv.MessagePart.ToolCall;
import dev.tallyspan.semconv.MessagePart.ToolCallResponse;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.PartReader;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads Genkit's messages, {@code {role, content: [part]}}, where a part has no type and its member
 * tells what it is: {@code text}, {@code reasoning}, {@code media}, {@code toolRequest}, {@code
 * toolResponse}, {@code data}.
 */
final class GenkitMessages {

  private GenkitMessages() {}

  /** The messages of a request to a model; none if it is no request. */
  static List<Message> input(Json request) {
    List<Message> messages = new ArrayList<>();
    for (Json message : request.get("messages")) {
      messages.add(message(message, "user"));
    }
    return messages;
  }

  /** The candidates of a model's response, a message for each; none if it is no response. */
  static List<Message> output(Json response) {
    List<Message> messages = new ArrayList<>();
    for (Json candidate : response.get("candidates")) {
      messages.add(choice(candidate));
    }
    if (messages.isEmpty() && response.get("message").isObject()) {
      messages.add(choice(response));
    }
    return messages;
  }

  /** The text of a list of parts; absent if it has none. */
  static Json text(Json parts) {
    StringBuilder text = new StringBuilder();
    for (Json part : parts) {
      if (part.get("text").isText()) {
        text.append(part.get("text").text());
      }
    }
    return text.isEmpty() ? Json.ABSENT : Json.of(text.toString());
  }

  private static Message choice(Json choice) {
    Message message = message(choice.get("message"), "assistant");
    String reason = choice.get("finishReason").text();
    return reason == null ? message : message.withFinishReason(reason);
  }

  private static Message message(Json json, String defaultRole) {
    String role = json.get("role").text();
    List<MessagePart> parts = new ArrayList<>();
    for (Json part : json.get("content")) {
      parts.add(part(part));
    }
    if (role == null) {
      return new Message(defaultRole, parts);
    }
    return new Message(role.equals("model") ? "assistant" : role, parts);
  }

  private static MessagePart part(Json part) {
    Json call = part.get("toolRequest");
    if (call.isObject()) {
      return new ToolCall(
          call.get("ref").asText(),
          call.get("name").asText(),
          PartReader.arguments(call.get("input")),
          PartReader.rest(call, "ref", "name", "input"));
    }
    Json response = part.get("toolResponse");
    if (response.isObject()) {
      return new ToolCallResponse(
          response.get("ref").asText(),
          PartReader.responseOrEmpty(response.get("output")),
          PartReader.rest(response, "ref", "output"));
    }
    if (part.get("reasoning").isText()) {
      return new Reasoning(part.get("reasoning").text(), PartReader.rest(part, "reasoning"));
    }
    Json media = part.get("media");
    if (media.isObject()) {
      return media(media);
    }
    if (part.get("data").isPresent() && !part.get("text").isPresent()) {
      return new MessagePart.Text(part.get("data").asText());
    }
    return PartReader.read(part);
  }

  private static MessagePart media(Json media) {
    Map<String, Value<?>> file = new LinkedHashMap<>();
    file.put("type", Value.of("file"));
    put(file, "url", media.get("url"));
    put(file, "mime_type", media.get("contentType"));
    return PartReader.read(Json.of(Value.of(file)));
  }
}
