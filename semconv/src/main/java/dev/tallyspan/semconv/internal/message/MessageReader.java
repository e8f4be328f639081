package dev.tallyspan.semconv.internal.message;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.MessagePart.Reasoning;
import dev.tallyspan.semconv.MessagePart.Text;
import dev.tallyspan.semconv.MessagePart.ToolCall;
import dev.tallyspan.semconv.MessagePart.ToolCallResponse;
import dev.tallyspan.semconv.internal.json.Json;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages in the schema's shape or in a provider's or framework's. Everything that holds
 * messages may be given: a list of them, one message, a whole request or response, JSON text of any
 * of these, or plain text, which is one message.
 */
public final class MessageReader {

  /** What roles are called in the schema, where it has another name for them. */
  static final Map<String, String> ROLES =
      Map.ofEntries(
          Map.entry("human", "user"),
          Map.entry("ai", "assistant"),
          Map.entry("model", "assistant"),
          Map.entry("agent", "assistant"),
          Map.entry("bot", "assistant"),
          Map.entry("chatbot", "assistant"),
          Map.entry("aimessagechunk", "assistant"),
          Map.entry("developer", "system"),
          Map.entry("function", "tool"),
          Map.entry("ipython", "tool"),
          // smolagents, which sends texts of the assistant and the user for them
          Map.entry("tool-call", "assistant"),
          Map.entry("tool-response", "user"));

  /** Types of LangChain's messages, in the member in which others have the type of a part. */
  private static final List<String> ROLE_TYPES =
      List.of("human", "ai", "system", "tool", "function", "aimessagechunk", "developer");

  /** Where requests and responses keep their messages; the first that is there is taken. */
  private static final String[] HOLDERS = {
    "choices",
    "candidates",
    "generations",
    "messages",
    "contents",
    "output",
    "outputs",
    "input",
    "inputs",
    "replies",
    "history",
    "response",
    "message",
    "prompt",
    "results"
  };

  private static final int MAX_DEPTH = 12;

  private final String defaultRole;
  private final boolean openContent;

  private MessageReader(String defaultRole, boolean openContent) {
    this.defaultRole = defaultRole;
    this.openContent = openContent;
  }

  /** Reads what went to the model: who is not named is the user. */
  public static MessageReader input() {
    return new MessageReader("user", false);
  }

  /** Reads what came from the model: who is not named is the assistant. */
  public static MessageReader output() {
    return new MessageReader("assistant", false);
  }

  /** The same reader, for sources that write a list of parts as text in {@code content}. */
  public MessageReader openingContent() {
    return new MessageReader(defaultRole, true);
  }

  /** The messages; none if there are none. */
  public List<Message> read(Json source) {
    List<Message> messages = new ArrayList<>();
    Json opened = source.unwrapOrSelf();
    read(opened, messages, 0);
    int last = messages.size() - 1;
    if (opened.truncated() && last >= 0 && messages.get(last).parts().isEmpty()) {
      messages.remove(last);
    }
    return conforms(opened) ? List.copyOf(messages) : joined(messages);
  }

  /**
   * Reads one message without a role of its own: an object with {@code content}, a list of parts,
   * or text. A role that the object does name counts.
   */
  public Message readOne(Json payload, String role) {
    if (!payload.isObject()) {
      return new Message(role, PartReader.readAll(payload));
    }
    String named = payload.get("role").isText() ? role(payload) : role;
    return message(payload, role.equals("tool") ? role : named);
  }

  /** Whether this is a list of messages just as the schema wants them. */
  public static boolean conforms(Json json) {
    if (!json.isArray()) {
      return false;
    }
    for (Json message : json) {
      if (!message.get("role").isText()
          || !message.get("parts").isArray()
          || !partsConform(message.get("parts"))) {
        return false;
      }
    }
    return true;
  }

  /** Whether this is a list of parts just as the schema wants them. */
  public static boolean partsConform(Json parts) {
    if (!parts.isArray()) {
      return false;
    }
    for (Json part : parts) {
      String type = part.get("type").text();
      if (type == null
          || type.equals("text") && !part.get("content").isText()
          || type.equals("tool_call") && !part.get("name").isText()
          || type.equals("tool_call_response") && !part.get("response").isPresent()) {
        return false;
      }
    }
    return true;
  }

  private void read(Json json, List<Message> to, int depth) {
    if (depth > MAX_DEPTH) {
      return;
    }
    if (json.isArray()) {
      readList(json, to, depth);
    } else if (json.isObject()) {
      readObject(json, to, depth);
    } else if (json.isPresent() && !json.asText().isEmpty()) {
      to.add(Message.text(defaultRole, json.asText()));
    }
  }

  private void readList(Json list, List<Message> to, int depth) {
    if (StreamChunks.areChunks(list)) {
      read(StreamChunks.joined(list), to, depth + 1);
      return;
    }
    if (list.size() > 0 && isPart(list.at(0))) {
      // A list of parts, without the message around them.
      List<MessagePart> parts = PartReader.readAll(list);
      if (!parts.isEmpty()) {
        to.add(new Message(defaultRole, parts));
      }
      return;
    }
    for (Json element : list) {
      // A message that is JSON text inside the list; plain text is a message of its own.
      read(element.isText() ? element.unwrapOrSelf() : element, to, depth + 1);
    }
  }

  private void readObject(Json json, List<Message> to, int depth) {
    if (json.get("kwargs").isObject() && json.get("id").isArray()) {
      readLangChain(json, to);
      return;
    }
    if (isItem(json)) {
      to.add(item(json));
      return;
    }
    if (isMessage(json)) {
      to.add(message(json, role(json)));
      return;
    }
    Json inner = json.get("message");
    if (inner.isObject() || (inner.isText() && json.get("finish_reason").isPresent())) {
      readChoice(json, inner, to, depth);
      return;
    }
    Json candidate = json.get("content");
    if (candidate.isObject() && candidate.get("parts").isArray()) {
      readChoice(json, candidate, to, depth);
      return;
    }
    Json data = json.get("data");
    if (data.isObject() && json.get("type").isText()) {
      to.add(message(data, role(json))); // LangChain's dict form: {type: human, data: {content}}
      return;
    }
    readHolder(json, to, depth);
  }

  private void readHolder(Json json, List<Message> to, int depth) {
    Json system = json.first("system", "systemInstruction", "system_instruction");
    for (String holder : HOLDERS) {
      Json held = json.get(holder).unwrapOrSelf();
      if (held.isPresent() && !(held.isText() && held.text().isEmpty())) {
        if (system.isPresent() && !holder.equals("output")) {
          to.add(new Message("system", systemParts(system)));
        }
        read(held, to, depth + 1);
        return;
      }
    }
    Json text =
        json.first(
            "text",
            "content",
            "output_text",
            "completion",
            "answer",
            "query",
            "inputText",
            "outputText");
    if (text.isText() && !text.text().isEmpty()) {
      to.add(Message.text(defaultRole, text.text()));
    }
  }

  private static List<MessagePart> systemParts(Json system) {
    return PartReader.readAll(system.get("parts").isArray() ? system.get("parts") : system);
  }

  /** {@code {index, message, finish_reason}}: a choice around a message. */
  private void readChoice(Json choice, Json inner, List<Message> to, int depth) {
    int before = to.size();
    read(inner, to, depth + 1);
    Json reason = choice.first("finish_reason", "finishReason", "stop_reason", "stopReason");
    if (!reason.isPresent()) {
      reason =
          choice.first("generationInfo", "generation_info").first("finish_reason", "finishReason");
    }
    if (reason.isText()) {
      for (int i = before; i < to.size(); i++) {
        to.set(i, to.get(i).withFinishReason(reason.text()));
      }
    }
  }

  /** {@code AIMessageChunk} as {@code AI}. */
  private static String ofClass(String name) {
    String whole = withoutEnd(name, "Chunk");
    return withoutEnd(whole, "Message");
  }

  private static String withoutEnd(String name, String end) {
    return name.endsWith(end) ? name.substring(0, name.length() - end.length()) : name;
  }

  private void readLangChain(Json json, List<Message> to) {
    Json id = json.get("id");
    String className = String.valueOf(id.at(id.size() - 1).text());
    String name = ofClass(className).toLowerCase(Locale.ROOT);
    Json kwargs = json.get("kwargs");
    if (name.equals("chat") || name.isEmpty() || kwargs.get("role").isText()) {
      name = String.valueOf(kwargs.get("role").text());
    }
    to.add(message(kwargs, ROLES.getOrDefault(name, name)));
  }

  /** Items of OpenAI's responses API in addition to messages. */
  private static boolean isItem(Json json) {
    String type = json.get("type").text();
    if (type == null || json.get("role").isText()) {
      return false;
    }
    return switch (type) {
      case "function_call",
          "function_call_output",
          "custom_tool_call",
          "custom_tool_call_output",
          "reasoning",
          "web_search_call",
          "file_search_call",
          "code_interpreter_call",
          "image_generation_call",
          "computer_call",
          "local_shell_call",
          "mcp_call",
          "mcp_list_tools" ->
          true;
      default -> false;
    };
  }

  private Message item(Json json) {
    MessagePart part = PartReader.read(json);
    String role = part instanceof ToolCallResponse ? "tool" : "assistant";
    return new Message(role, List.of(part));
  }

  private static boolean isPart(Json json) {
    if (!json.isObject()
        || json.get("role").isText()
        || json.get("message").isObject()
        || isItem(json)) {
      return false;
    }
    String type = json.get("type").text();
    if (type != null) {
      return !type.equals("message")
          && !type.equals("constructor")
          && !type.equals("Generation") // LangChain's, in Python
          && !ROLE_TYPES.contains(type.toLowerCase(Locale.ROOT));
    }
    return json.get("message_content").isObject()
        || json.get("functionCall").isObject()
        || json.get("functionResponse").isObject()
        || json.get("toolUse").isObject()
        || json.get("toolResult").isObject()
        || json.get("text").isText() && json.size() == 1;
  }

  private static boolean isMessage(Json json) {
    if (json.get("role").isText()) {
      return true;
    }
    String type = json.get("type").text();
    boolean typed =
        type != null
            && (type.equals("message") || ROLE_TYPES.contains(type.toLowerCase(Locale.ROOT)));
    return typed && json.first("content", "parts").isPresent()
        || json.get("parts").isArray()
        || json.first("tool_calls", "toolCalls").isArray()
        || json.get("tool_call_id").isText() && json.get("content").isPresent();
  }

  private String role(Json json) {
    String role = json.get("role").text();
    if (role == null) {
      String type = json.get("type").text();
      role = type == null || type.equals("message") ? defaultRole : type;
    }
    String lower = role.strip().toLowerCase(Locale.ROOT);
    return ROLES.getOrDefault(lower, lower.isEmpty() ? defaultRole : lower);
  }

  private Message message(Json json, String role) {
    List<MessagePart> parts = new ArrayList<>();
    Json thinking = json.first("reasoning_content", "reasoning", "thinking");
    if (!thinking.isPresent()) {
      thinking = json.get("additional_kwargs").get("reasoning_content");
    }
    if (thinking.isText() && !thinking.text().isEmpty()) {
      parts.add(new Reasoning(thinking.text()));
    }
    Json id = json.first("tool_call_id", "toolCallId");
    boolean answer = role.equals("tool");
    if (answer && !json.get("parts").isArray() && !hasToolResults(content(json))) {
      parts.add(answer(json, id));
    } else {
      addContent(json, parts);
    }
    if (json.get("refusal").isText()) {
      parts.add(PartReader.refusal(json.get("refusal").text()));
    }
    if (json.get("audio").isObject()) {
      parts.addAll(
          PartReader.readAll(Json.of(Value.of(Map.of("audio", json.get("audio").value())))));
    }
    addToolCalls(json, parts);
    if (areAnswers(parts)) {
      role = "tool";
    }
    Json reason = json.first("finish_reason", "finishReason", "stop_reason", "stopReason");
    Message message = new Message(role, parts, name(json, answer), null, extra(json));
    return reason.isText() ? message.withFinishReason(reason.text()) : message;
  }

  /** Whether there are parts, and all of them answer calls of tools. */
  private static boolean areAnswers(List<MessagePart> parts) {
    for (int i = 0; i < parts.size(); i++) {
      if (!(parts.get(i) instanceof ToolCallResponse)) {
        return false;
      }
    }
    return !parts.isEmpty();
  }

  private static MessagePart answer(Json json, Json id) {
    Map<String, Value<?>> extra = new LinkedHashMap<>();
    if (json.get("name").isText()) {
      extra.put("name", json.get("name").value());
    }
    Json callId = id.isPresent() ? id : json.get("id");
    return new ToolCallResponse(
        callId.asText(),
        PartReader.responseOrEmpty(json.first("content", "output", "response")),
        extra);
  }

  private static boolean hasToolResults(Json content) {
    for (Json part : content) {
      if (PartReader.read(part) instanceof ToolCallResponse) {
        return true;
      }
    }
    return false;
  }

  private void addContent(Json json, List<MessagePart> parts) {
    Json inParts = json.get("parts").unwrap();
    if (inParts.isArray()) {
      parts.addAll(PartReader.readAll(inParts));
      return;
    }
    List<MessagePart> read = PartReader.readAll(content(json));
    List<MessagePart> more = PartReader.readAll(json.get("contents"));
    // OpenInference repeats a message's only text in both places.
    if (!(more.size() == 1 && read.size() == 1 && text(more).equals(text(read)))) {
      parts.addAll(read);
    }
    parts.addAll(more);
  }

  /** The content of a message, opened if it is the text of parts and text is to be opened. */
  private Json content(Json json) {
    Json content = json.get("content");
    if (!openContent || !content.isText()) {
      return content;
    }
    Json opened = content.unwrap();
    boolean isParts = opened.isArray() && opened.size() > 0 && isPart(opened.at(0));
    return isParts ? opened : content;
  }

  private static void addToolCalls(Json json, List<MessagePart> parts) {
    Json calls = json.first("tool_calls", "toolCalls");
    if (calls.size() == 0) {
      calls = json.get("additional_kwargs").get("tool_calls");
    }
    // Some emitters repeat their calls in the content; two calls with the same id are a different
    // case.
    List<MessagePart> inContent = calls.isPresent() ? List.copyOf(parts) : List.of();
    for (Json call : calls.unwrapOrSelf()) {
      ToolCall read = PartReader.toolCall(call);
      boolean known =
          read.id() != null
              && inContent.stream()
                  .anyMatch(p -> p instanceof ToolCall c && read.id().equals(c.id()));
      if (!known) {
        parts.add(read);
      }
    }
    Json legacy = json.get("function_call").unwrapOrSelf();
    if (legacy.isObject() && calls.size() == 0) {
      parts.add(PartReader.toolCall(legacy));
    } else if (json.get("function_call_name").isText()) {
      parts.add(
          new ToolCall(
              null,
              json.get("function_call_name").text(),
              PartReader.arguments(json.get("function_call_arguments_json")),
              Map.of()));
    }
  }

  private static String text(List<MessagePart> parts) {
    return parts.get(0) instanceof Text text ? text.content() : "";
  }

  private static @Nullable String name(Json json, boolean answer) {
    String name = answer ? null : json.get("name").text();
    return name == null || name.isEmpty() ? null : name;
  }

  /** Of members beyond the schema, those that mean something to the message as a whole. */
  private static Map<String, Value<?>> extra(Json json) {
    Map<String, Value<?>> extra = new LinkedHashMap<>();
    for (String kept : new String[] {"annotations", "cache_control", "phase"}) {
      Json member = json.get(kept);
      if (member.isPresent() && member.size() > 0) {
        extra.put(kept, member.value());
      }
    }
    return extra;
  }

  /** The items that the responses API lists separately are one turn of the model. */
  private static List<Message> joined(List<Message> messages) {
    List<Message> joined = new ArrayList<>();
    for (Message message : messages) {
      Message last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (last != null && isSameTurn(last, message)) {
        List<MessagePart> parts = new ArrayList<>(last.parts());
        parts.addAll(message.parts());
        joined.set(joined.size() - 1, new Message(last.role(), parts));
      } else {
        joined.add(message);
      }
    }
    return List.copyOf(joined);
  }

  private static boolean isSameTurn(Message last, Message next) {
    return last.role().equals("assistant")
        && next.role().equals("assistant")
        && last.finishReason() == null
        && next.finishReason() == null
        && (isLoose(last) || isLoose(next));
  }

  private static boolean isLoose(Message message) {
    return message.parts().size() == 1 && !(message.parts().get(0) instanceof Text);
  }
}
