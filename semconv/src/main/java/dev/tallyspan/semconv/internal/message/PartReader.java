package dev.tallyspan.semconv.internal.message;

import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.MessagePart.Blob;
import dev.tallyspan.semconv.MessagePart.Compaction;
import dev.tallyspan.semconv.MessagePart.Generic;
import dev.tallyspan.semconv.MessagePart.Reasoning;
import dev.tallyspan.semconv.MessagePart.ServerToolCall;
import dev.tallyspan.semconv.MessagePart.ServerToolCallResponse;
import dev.tallyspan.semconv.MessagePart.StoredFile;
import dev.tallyspan.semconv.MessagePart.Text;
import dev.tallyspan.semconv.MessagePart.ToolCall;
import dev.tallyspan.semconv.MessagePart.ToolCallResponse;
import dev.tallyspan.semconv.MessagePart.Uri;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.Scalars;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a part of a message in the schema's shape or in a provider's: OpenAI's chat and responses
 * APIs, Anthropic, Gemini, Bedrock's Converse, LangChain, AI SDK, OpenInference. The format is
 * recognised by the {@code type} of the part, or by the member that contains it.
 */
public final class PartReader {

  static final String[] CALL_IDS = {"call_id", "tool_call_id", "toolCallId", "toolUseId", "id"};
  static final String[] CALL_NAMES = {"name", "toolName", "tool_name"};
  static final String[] CALL_ARGUMENTS = {"arguments", "args", "input", "parameters"};
  static final String[] ANSWER_IDS = {
    "tool_use_id", "tool_call_id", "toolCallId", "toolUseId", "call_id", "id"
  };
  static final String[] ANSWERS = {"response", "result", "output", "content", "error"};

  /* Members that are read of a part; all others are kept beside the schema's. */

  static final String[] OF_TEXT = {"type", "content", "text", "value"};

  static final String[] OF_REASONING = {
    "type", "content", "thinking", "text", "reasoning", "summary", "status"
  };
  static final String[] OF_CALL = {
    "type",
    "id",
    "call_id",
    "tool_call_id",
    "toolCallId",
    "toolUseId",
    "function",
    "name",
    "toolName",
    "tool_name",
    "arguments",
    "args",
    "input",
    "parameters",
    "index",
    "status",
    "toolCallType"
  };
  static final String[] OF_ANSWER = {
    "type",
    "id",
    "tool_use_id",
    "tool_call_id",
    "toolCallId",
    "toolUseId",
    "call_id",
    "response",
    "result",
    "output",
    "content",
    "error",
    "status"
  };

  private static final Set<String> PROVIDERS_OWN_CALLS =
      Set.of(
          "server_tool_use",
          "web_search_call",
          "file_search_call",
          "code_interpreter_call",
          "image_generation_call",
          "computer_call",
          "local_shell_call",
          "mcp_call",
          "mcp_list_tools",
          "mcp_tool_use");

  private PartReader() {}

  /** Reads the parts of a message's content: text, one part, or a list of texts and parts. */
  public static List<MessagePart> readAll(Json content) {
    List<MessagePart> parts = new ArrayList<>();
    if (content.isArray()) {
      for (Json part : content) {
        parts.addAll(part.isArray() ? readAll(part) : one(part));
      }
    } else {
      parts.addAll(one(content));
    }
    return parts;
  }

  private static List<MessagePart> one(Json part) {
    if (!part.isPresent() || (part.isText() && part.text().isEmpty())) {
      return List.of();
    }
    return List.of(read(part));
  }

  /** Reads one part; a part of an unknown type becomes a generic part with all its members. */
  public static MessagePart read(Json json) {
    if (!json.isObject()) {
      return new Text(json.asText());
    }
    Json wrapped = json.get("message_content");
    Json part = wrapped.isObject() ? wrapped : json;
    String type = part.get("type").text();
    if (type == null) {
      return byMember(part);
    }
    MessagePart ofSchema = ofSchema(part, type);
    return ofSchema != null ? ofSchema : byType(part, type.strip().toLowerCase(Locale.ROOT));
  }

  /** A part that conforms to the schema, possibly with other members; else null. */
  private static @Nullable MessagePart ofSchema(Json part, String type) {
    Json content = part.get("content");
    String modality = part.get("modality").text();
    String mime = part.get("mime_type").text();
    return switch (type) {
      case "text" -> content.isText() ? new Text(content.text(), part.values()) : null;
      case "reasoning" -> content.isText() ? new Reasoning(content.text(), part.values()) : null;
      case "tool_call" ->
          part.get("name").isText() && hasTextOrNone(part, "id")
              ? new ToolCall(
                  part.get("id").text(),
                  part.get("name").text(),
                  arguments(part.get("arguments")),
                  part.values())
              : null;
      case "tool_call_response" ->
          part.get("response").isPresent() && hasTextOrNone(part, "id")
              ? new ToolCallResponse(
                  part.get("id").text(), part.get("response").value(), part.values())
              : null;
      case "blob" ->
          content.isText() && modality != null
              ? new Blob(mime, modality, content.text(), part.values())
              : null;
      case "file" ->
          part.get("file_id").isText() && modality != null
              ? new StoredFile(mime, modality, part.get("file_id").text(), part.values())
              : null;
      case "uri" ->
          part.get("uri").isText()
                  && modality != null
                  && !part.get("uri").text().startsWith("data:")
              ? new Uri(mime, modality, part.get("uri").text(), part.values())
              : null;
      default -> null;
    };
  }

  private static boolean hasTextOrNone(Json part, String name) {
    return !part.get(name).isPresent() || part.get(name).isText();
  }

  private static MessagePart byType(Json part, String type) {
    switch (type) {
      case "text", "input_text", "output_text", "summary_text", "markdown":
        return text(part);
      case "refusal":
        return refusal(part.first("refusal", "text", "content").asText());
      case "reasoning", "thinking", "redacted_thinking", "redacted-reasoning":
        return reasoning(part);
      case "tool_call", "tool_use", "tool-call", "function_call", "toolcall", "tooluse", "function":
        return toolCall(part);
      case "tool_call_response",
      "tool_result",
      "tool-result",
      "toolresult",
      "tool-error",
      "function_call_output",
      "custom_tool_call_output",
      "tool_response":
        return toolResponse(part);
      case "custom_tool_call":
        return toolCall(part);
      case "server_tool_call":
        if (part.get("server_tool_call").isPresent()) {
          return new ServerToolCall(
              part.get("id").asText(),
              part.get("name").asText(),
              part.get("server_tool_call").value(),
              rest(part, "type", "id", "name", "server_tool_call"));
        }
        return providersCall(part, type);
      case "server_tool_call_response":
        if (part.get("server_tool_call_response").isPresent()) {
          return new ServerToolCallResponse(
              part.get("id").asText(),
              part.get("server_tool_call_response").value(),
              rest(part, "type", "id", "server_tool_call_response"));
        }
        return new ServerToolCallResponse(part.get("id").asText(), part.value(), Map.of());
      case "compaction":
        return new Compaction(
            part.get("id").asText(),
            part.get("content").asText(),
            rest(part, "type", "id", "content"));
      default:
        break;
    }
    if (PROVIDERS_OWN_CALLS.contains(type)) {
      return providersCall(part, type);
    }
    if (type.endsWith("_tool_result")) {
      return new ServerToolCallResponse(
          part.first("tool_use_id", "id").asText(), part.value(), Map.of());
    }
    MessagePart media = MediaReader.read(part, type);
    return media != null ? media : new Generic(part.get("type").text(), rest(part, "type"));
  }

  /** Gemini's and Bedrock's parts have no type: the member that is present determines it. */
  private static MessagePart byMember(Json part) {
    if (part.get("text").isText()) {
      return Boolean.TRUE.equals(Scalars.flag(part.get("thought")))
          ? new Reasoning(part.get("text").text(), rest(part, "text", "thought"))
          : new Text(part.get("text").text(), rest(part, "text"));
    }
    Json call = part.first("functionCall", "function_call", "toolUse", "tool_call", "toolCall");
    if (call.isObject()) {
      return toolCall(call);
    }
    Json response =
        part.first("functionResponse", "function_response", "toolResult", "tool_result");
    if (response.isObject()) {
      return toolResponse(response);
    }
    Json thought = part.first("reasoningContent", "reasoning_content");
    if (thought.isObject()) {
      Json text = thought.first("reasoningText", "reasoning_text");
      return reasoning(text.isObject() ? text : thought);
    }
    Json code = part.first("executableCode", "executable_code");
    if (code.isObject()) {
      return new ServerToolCall(null, "code_execution", typed(code, "code_execution"), Map.of());
    }
    Json result = part.first("codeExecutionResult", "code_execution_result");
    if (result.isObject()) {
      return new ServerToolCallResponse(null, typed(result, "code_execution"), Map.of());
    }
    if (part.get("name").isText() && part.first("arguments", "args", "input").isPresent()) {
      return toolCall(part);
    }
    if (part.get("json").isPresent()) {
      return new Text(part.get("json").asText());
    }
    if (part.get("content").isText() && part.size() == 1) {
      return new Text(part.get("content").text());
    }
    MessagePart media = MediaReader.readByMember(part);
    return media != null ? media : new Generic("unknown", part.values());
  }

  private static MessagePart text(Json part) {
    Json content = part.first("content", "text", "value");
    Json inner = content.isObject() ? content.first("value", "text") : content;
    return new Text(inner.asText(), rest(part, OF_TEXT));
  }

  static MessagePart refusal(String text) {
    return new Text(text, Map.of("refusal", Value.of(true)));
  }

  private static MessagePart reasoning(Json part) {
    Json content = part.first("content", "thinking", "text", "reasoning");
    String text = content.isText() ? content.text() : joined(content);
    if (text == null || text.isEmpty()) {
      text = joined(part.get("summary"));
    }
    return new Reasoning(text, rest(part, OF_REASONING));
  }

  /** The texts of a list of parts, a blank line between them. */
  private static String joined(Json list) {
    List<String> texts = new ArrayList<>();
    for (Json element : list) {
      String text = element.isText() ? element.text() : element.first("text", "content").text();
      if (text != null) {
        texts.add(text);
      }
    }
    return String.join("\n\n", texts);
  }

  /** Reads a tool call, in any of the formats of its name and arguments. */
  public static ToolCall toolCall(Json json) {
    Json wrapped = json.get("tool_call");
    Json call = wrapped.isObject() ? wrapped : json;
    Json function = call.get("function");
    Json from = function.isObject() ? function : call;
    Json id = call.first(CALL_IDS);
    return new ToolCall(
        emptyAsNull(id.asText()),
        from.first(CALL_NAMES).asText(),
        arguments(from.first(CALL_ARGUMENTS)),
        rest(call, OF_CALL));
  }

  /** An object or array, also from its JSON text; other text unchanged; null if empty. */
  public static @Nullable Value<?> arguments(Json arguments) {
    if (!arguments.isPresent() || (arguments.isText() && arguments.text().isBlank())) {
      return null;
    }
    return whole(arguments);
  }

  private static MessagePart toolResponse(Json part) {
    Json id = part.first(ANSWER_IDS);
    Json response = part.first(ANSWERS);
    return new ToolCallResponse(
        emptyAsNull(id.asText()), responseOrEmpty(response), rest(part, OF_ANSWER));
  }

  /**
   * The result of a tool call: structure if there is any, also from a single text part; null if
   * there is none.
   */
  public static @Nullable Value<?> response(Json response) {
    Json inner = answer(response);
    return inner.isPresent() ? whole(inner) : null;
  }

  /** The result of a tool call; empty text if there is none. */
  public static Value<?> responseOrEmpty(Json response) {
    Json inner = answer(response);
    return inner.isPresent() ? whole(inner) : Value.of("");
  }

  private static Json answer(Json response) {
    Json inner = response;
    if (response.isArray() && response.size() == 1 && response.at(0).isObject()) {
      Json only = response.at(0);
      inner = only.get("text").isText() && only.size() <= 2 ? only.get("text") : response;
    } else if (response.isObject() && response.size() == 2 && response.get("value").isPresent()) {
      inner = response.get("value"); // AI SDK: {type: text|json, value}
    }
    return inner;
  }

  /**
   * The content of text, unless it was cut off: then the text contains more than what can be read
   * from it.
   */
  private static Value<?> whole(Json json) {
    Json inner = json.unwrap();
    return inner.isPresent() && !inner.truncated() ? inner.value() : json.value();
  }

  private static MessagePart providersCall(Json part, String type) {
    Json name = part.get("name");
    return new ServerToolCall(
        part.get("id").asText(), name.isText() ? name.text() : type, part.value(), Map.of());
  }

  /** The object with a type, which the schema requires. */
  private static Value<?> typed(Json object, String type) {
    Map<String, Value<?>> members = new LinkedHashMap<>();
    members.put("type", Value.of(type));
    members.putAll(object.values());
    return Value.of(members);
  }

  /** The members except these. */
  public static Map<String, Value<?>> rest(Json object, String... read) {
    Map<String, Value<?>> rest = object.values();
    for (String name : read) {
      rest.remove(name);
    }
    return rest;
  }

  private static @Nullable String emptyAsNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }
}
