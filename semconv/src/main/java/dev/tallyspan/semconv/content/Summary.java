package dev.tallyspan.semconv.content;

import dev.tallyspan.semconv.internal.json.EmptyValue;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.JsonWriter;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The structure of content without what was said. In conversations, the members that describe a
 * message stay: its role, the types of its parts, ids, names of tools. Every other value becomes
 * its size: {@code <120 characters>}, {@code <object, 3 members>}.
 */
final class Summary {

  /** Members that describe a message, part or tool, whatever the format. */
  private static final Set<String> DESCRIBING =
      Set.of(
          "role",
          "type",
          "id",
          "name",
          "call_id",
          "tool_call_id",
          "toolcallid",
          "tool_use_id",
          "tooluseid",
          "toolname",
          "tool_name",
          "finish_reason",
          "finishreason",
          "stop_reason",
          "modality",
          "mime_type",
          "mimetype",
          "media_type",
          "object",
          "model",
          "status",
          "index",
          "score");

  /** Members that hold whatever a tool, a document or a user has: nothing in them describes. */
  private static final Set<String> OPAQUE =
      Set.of(
          "arguments",
          "args",
          "input",
          "response",
          "result",
          "output",
          "parameters",
          "metadata",
          "variables",
          "schema",
          "json_schema",
          "input_schema",
          "inputschema",
          "additional_kwargs",
          "kwargs",
          "server_tool_call",
          "server_tool_call_response");

  /** Members that requests, responses and messages have, whatever the format. */
  private static final Set<String> STRUCTURE =
      Set.of(
          "messages",
          "message",
          "parts",
          "content",
          "contents",
          "text",
          "system",
          "instructions",
          "tools",
          "tool_calls",
          "toolcalls",
          "function",
          "choices",
          "candidates",
          "generations",
          "output",
          "input",
          "prompt",
          "documents",
          "image_url",
          "usage");

  private static final int LONGEST_ID = 128;
  private static final int LONGEST_DESCRIPTION = 64;
  private static final int MAX_DEPTH = 32;

  private final Masks masks;
  private final Redactor redactor;

  Summary(Masks masks, Redactor redactor) {
    this.masks = masks;
    this.redactor = redactor;
  }

  /** The summary of a text, which may be JSON text of messages. */
  String of(String text, Tally tally) {
    if (isSummary(text) || text.isEmpty()) {
      return text;
    }
    Json json = Json.parse(text);
    if (!json.isPresent()) {
      return size(text, tally);
    }
    Value<?> value = of(json.value(), tally);
    String summary = value.getValue() instanceof String size ? size : JsonWriter.write(value);
    return summary.equals(text) ? text : summary;
  }

  /** The summary of a structured value. */
  Value<?> of(Value<?> value, Tally tally) {
    return conversation(value, "", tally, 0);
  }

  @SuppressWarnings("unchecked") // getValue() has the type that getType() indicates
  private Value<?> conversation(Value<?> value, String name, Tally tally, int depth) {
    switch (value.getType()) {
      case ARRAY -> {
        if (depth > MAX_DEPTH || Json.of(value).at(0).isNumber()) {
          Value<?> size = Value.of(opaque(value, tally));
          return depth == 0 ? Value.of(List.of(size)) : size;
        }
        List<Value<?>> elements = new ArrayList<>();
        for (Value<?> element : (List<Value<?>>) value.getValue()) {
          elements.add(conversation(element, "", tally, depth + 1));
        }
        return Value.of(elements);
      }
      case KEY_VALUE_LIST -> {
        if (depth > MAX_DEPTH || !isStructure(value)) {
          return Value.of(opaque(value, tally));
        }
        String role = Json.of(value).get("role").text();
        boolean person = "user".equals(role) || "human".equals(role);
        List<KeyValue> members = new ArrayList<>();
        for (KeyValue member : (List<KeyValue>) value.getValue()) {
          String key = member.getKey();
          Value<?> of = member.getValue();
          boolean isOpaque = OPAQUE.contains(key.toLowerCase(Locale.ROOT));
          Value<?> summary =
              (isOpaque && !isConversation(key, of)) || (person && key.equals("name"))
                  ? Value.of(opaque(of, tally))
                  : conversation(of, key, tally, depth + 1);
          members.add(KeyValue.of(isDescription(key) ? key : "\u2026", summary));
        }
        return Value.of(members.toArray(new KeyValue[0]));
      }
      case LONG, DOUBLE, BOOLEAN -> {
        boolean describes =
            DESCRIBING.contains(name.toLowerCase(Locale.ROOT))
                && isDescription(value.getValue().toString());
        return describes ? value : Value.of(opaque(value, tally));
      }
      default -> {
        return describes(value, name) ? value : Value.of(opaque(value, tally));
      }
    }
  }

  /**
   * Whether the object is part of a conversation, a request or a response: one that is not has
   * members that a tool or an application named.
   */
  private static boolean isStructure(Value<?> object) {
    Json json = Json.of(object);
    for (String name : json.entries().keySet()) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (STRUCTURE.contains(lower) || DESCRIBING.contains(lower)) {
        return true;
      }
    }
    return false;
  }

  /** Whether this is a list of messages or parts, as {@code input} and {@code output} often are. */
  private static boolean isConversation(String name, Value<?> value) {
    if (!name.equals("input") && !name.equals("output")) {
      return false;
    }
    Json first = Json.of(value).at(0);
    return first.get("role").isText() || first.get("parts").isArray() || first.get("type").isText();
  }

  private boolean describes(Value<?> value, String name) {
    if (EmptyValue.is(value)) {
      return true;
    }
    return value.getValue() instanceof String text
        && (isSummary(text)
            || Masks.isMask(text)
            || (DESCRIBING.contains(name.toLowerCase(Locale.ROOT)) && isDescription(text)));
  }

  /** Whether the text has the form of an identifier, and is nobody's. */
  private boolean isDescription(String text) {
    boolean longId = text.length() > LONGEST_DESCRIPTION;
    if (text.length() > LONGEST_ID) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean fits = c < 128 && (CharClass.isWord(c) || "-.:/".indexOf(c) >= 0);
      if (!fits || (longId && c == '/')) {
        return text.equals("\u2026");
      }
    }
    return redactor.redact(text, "", PathState.NO_RULES, new Tally()).equals(text);
  }

  private String opaque(Value<?> value, Tally tally) {
    if (value.getValue() instanceof String text) {
      return isSummary(text) || Masks.isMask(text) ? text : size(text, tally);
    }
    tally.summarized++;
    return switch (value.getType()) {
      case ARRAY -> "<array, " + Json.of(value).size() + " elements>";
      case KEY_VALUE_LIST -> "<object, " + Json.of(value).size() + " members>";
      case BYTES -> "<" + ((ByteBuffer) value.getValue()).remaining() + " bytes>";
      case BOOLEAN -> "<boolean>";
      default -> "<number>";
    };
  }

  private String size(String text, Tally tally) {
    tally.summarized++;
    @Nullable String hash = masks.hash(text);
    return "<" + text.length() + " characters" + (hash == null ? "" : ", " + hash) + ">";
  }

  /** Whether the text is the summary of another. */
  static boolean isSummary(String text) {
    int end = text.length() - 1;
    if (end < 2 || end > LONGEST_DESCRIPTION || text.charAt(0) != '<' || text.charAt(end) != '>') {
      return false;
    }
    String inner = text.substring(1, end);
    if (inner.equals("boolean") || inner.equals("number")) {
      return true;
    }
    String[] words = inner.replace("object, ", "").replace("array, ", "").split("[ ,]+");
    return words.length >= 2
        && words.length <= 3
        && words[0].chars().allMatch(c -> c >= '0' && c <= '9')
        && Set.of("characters", "members", "elements", "bytes").contains(words[1])
        && (words.length == 2 || words[2].chars().allMatch(c -> c >= 'a' && c <= 'p'));
  }
}
