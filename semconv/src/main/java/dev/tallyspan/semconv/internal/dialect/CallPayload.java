package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.JsonReader;
import dev.tallyspan.semconv.span.Slot;
import dev.tallyspan.semconv.span.Strength;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads what went into a call, or came out of it, where an emitter recorded the one or the other as
 * a whole: messages in any shape, a request with messages in it, or what a program made of either.
 * An answer in JSON that is not an API's structure is kept as text.
 */
public final class CallPayload {

  /** Members that nothing but a message, or what holds messages, has. */
  private static final Set<String> OF_MESSAGES =
      Set.of(
          "role",
          "parts",
          "messages",
          "contents",
          "choices",
          "candidates",
          "generations",
          "kwargs",
          "tool_calls",
          "toolCalls",
          "tool_call_id",
          "inputText", // Titan
          "outputText");

  /** Members that hold messages in a request or response, and anything at all elsewhere. */
  private static final Set<String> HOLDERS =
      Set.of(
          "input", "inputs", "output", "outputs", "message", "prompt", "replies", "history",
          "results");

  /** What Python prints of an object, such as a stream, whose content nothing has written down. */
  private static final Pattern OBJECT =
      Pattern.compile("<[\\w.<>]+ object (?:[\\w.<>]+ )?at 0x[0-9a-fA-F]+>");

  private CallPayload() {}

  /** Offers messages, tools and parameters of an input. */
  static void readInput(Json payload, String key, Draft out) {
    Json opened = payload.unwrapOrSelf();
    if (isBedrockInvocation(opened)) {
      RequestParameters.read(opened, key, out); // the model is next to the body
      readInput(opened.get("body").unwrap(), key, out);
      return;
    }
    if (opened.isObject() && !opened.get("role").isText()) {
      RequestParameters.read(opened, key, out);
      if (opened.get("instructions").isText()) {
        out.offerBlob(Slot.SYSTEM_INSTRUCTIONS, opened.get("instructions"), key);
      }
    }
    readMessages(Slot.INPUT_MESSAGES, "user", payload, key, out);
  }

  /** Offers the messages of an output, and the other members of a response. */
  static void readOutput(Json payload, String key, Draft out) {
    Json opened = payload.unwrapOrSelf();
    if (isBedrockInvocation(opened)) {
      readOutput(opened.get("body").unwrap(), key, out);
      return;
    }
    ResponsePayload.read(payload, key, out);
    readMessages(Slot.OUTPUT_MESSAGES, "assistant", payload, key, out);
  }

  /** Offers the messages of a payload; text that holds none is a message of this role. */
  static void readMessages(
      Slot<List<Message>> slot, String role, Json payload, String key, Draft out) {
    out.content(() -> offerMessages(slot, role, payload, key, out), slot);
  }

  private static void offerMessages(
      Slot<List<Message>> slot, String role, Json payload, String key, Draft out) {
    Json plain = unquoted(payload);
    Json opened = plain.unwrapOrSelf();
    if (opened.saysNothing()) {
      return; // {"output": null}: there was nothing
    }
    if (holdsMessages(opened, 0)) {
      if (out.offerBlob(slot, opened, key)) {
        out.consumed(key);
      }
    } else if (plain.isPresent() && says(plain.asText())) {
      List<Message> text = List.of(Message.text(role, plain.asText()));
      if (out.offer(slot, text, key, "text", Strength.BLOB)) {
        out.consumed(key);
      }
    }
  }

  private static boolean says(String text) {
    return !text.isEmpty() && !OBJECT.matcher(text).matches();
  }

  /** Whether these are the arguments or the result of the AWS SDK's {@code InvokeModel}. */
  private static boolean isBedrockInvocation(Json json) {
    return json.get("body").isPresent()
        && (json.get("modelId").isText() || json.get("ResponseMetadata").isObject());
  }

  /** The text that a JSON string holds; the value itself, if it is none. */
  public static Json unquoted(Json json) {
    if (!json.isText() || !json.text().startsWith("\"") || json.text().length() < 2) {
      return json;
    }
    String text = JsonReader.readQuoted(json.text());
    return text == null ? json : Json.of(text);
  }

  /** Whether this is a message, a list of messages or parts, or a request or response. */
  static boolean holdsMessages(Json json, int depth) {
    if (depth > 4) {
      return false;
    }
    if (json.isArray()) {
      for (Json element : json) {
        boolean part = element.get("type").isText() && element.size() > 1;
        if (!part && !holdsMessages(element.unwrapOrSelf(), depth + 1)) {
          return false;
        }
      }
      return json.size() > 0;
    }
    if (!json.isObject()) {
      return false;
    }
    if (json.hasAnyOf(OF_MESSAGES)) {
      return true;
    }
    boolean typed = json.get("type").isText() && json.first("content", "text").isPresent();
    boolean gemini = json.get("content").get("parts").isArray();
    return typed || gemini || isHolder(json, depth);
  }

  private static boolean isHolder(Json json, int depth) {
    for (String member : HOLDERS) {
      Json held = json.get(member);
      boolean alone = json.size() == 1 && held.isText();
      boolean ofRequest = json.get("model").isText() && held.isText();
      if (alone || ofRequest || holdsMessages(held, depth + 1)) {
        return true;
      }
    }
    return false;
  }
}
