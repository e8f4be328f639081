package dev.tallyspan.collector.output.dataset;

import static dev.tallyspan.collector.output.dataset.Json.objects;
import static dev.tallyspan.collector.output.dataset.Json.putText;
import static dev.tallyspan.collector.output.dataset.Json.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Messages in the form of the GenAI conventions, and as evaluation tools read them: in the form of
 * OpenAI's chat API, which most of them share. Reasoning is left out there, as no API takes it.
 */
final class Messages {

  private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant");

  private Messages() {}

  /** Returns the texts among the parts, a line each; empty if there are none. */
  static String texts(List<Map<String, @Nullable Object>> parts) {
    List<String> texts = new ArrayList<>();
    for (Map<String, @Nullable Object> part : parts) {
      String text = text(part, "content");
      if (text(part, "type").equals("text") && !text.isEmpty()) {
        texts.add(text);
      }
    }
    return String.join("\n", texts);
  }

  /** Returns the text of the last message of the user; empty if there is none. */
  static String question(List<Map<String, @Nullable Object>> messages) {
    String question = "";
    for (Map<String, @Nullable Object> message : messages) {
      String text = texts(objects(message, "parts"));
      question = text(message, "role").equals("user") && !text.isEmpty() ? text : question;
    }
    return question;
  }

  /** Returns the texts of all messages; empty if there are none. */
  static String allTexts(List<Map<String, @Nullable Object>> messages) {
    List<String> texts = new ArrayList<>();
    messages.forEach(message -> texts.add(texts(objects(message, "parts"))));
    texts.removeIf(String::isEmpty);
    return String.join("\n", texts);
  }

  /** Returns the messages of OpenAI's chat API. */
  static List<@Nullable Object> toOpenAi(
      String system, List<Map<String, @Nullable Object>> messages) {
    return toChat(system, messages, new OpenAi());
  }

  /** Returns the messages that Inspect reads. */
  static List<@Nullable Object> toInspect(
      String system, List<Map<String, @Nullable Object>> messages) {
    return toChat(system, messages, new Inspect());
  }

  private static List<@Nullable Object> toChat(
      String system, List<Map<String, @Nullable Object>> messages, Dialect dialect) {
    List<@Nullable Object> chat = new ArrayList<>();
    if (!system.isEmpty()) {
      chat.add(message("system", system));
    }
    for (Map<String, @Nullable Object> message : messages) {
      List<Map<String, @Nullable Object>> parts = objects(message, "parts");
      addSaid(chat, role(text(message, "role")), parts, dialect);
      for (Map<String, @Nullable Object> part : parts) {
        if (text(part, "type").equals("tool_call_response")) {
          Map<String, @Nullable Object> answer = message("tool", asText(part.get("response")));
          putText(answer, "tool_call_id", text(part, "id"));
          chat.add(answer);
        }
      }
    }
    return chat;
  }

  private static void addSaid(
      List<@Nullable Object> chat,
      String role,
      List<Map<String, @Nullable Object>> parts,
      Dialect dialect) {
    List<@Nullable Object> content = new ArrayList<>();
    List<@Nullable Object> calls = new ArrayList<>();
    boolean onlyText = true;
    for (Map<String, @Nullable Object> part : parts) {
      switch (text(part, "type")) {
        case "text" -> content.add(textPart(text(part, "content")));
        case "tool_call" ->
            calls.add(dialect.call(text(part, "id"), text(part, "name"), part.get("arguments")));
        case "blob", "uri", "file" -> {
          content.add(media(part, dialect));
          onlyText = false;
        }
        default -> {
          // Reasoning, answers of tools, and what only one provider knows.
        }
      }
    }
    if (content.isEmpty() && calls.isEmpty()) {
      return;
    }
    Map<String, @Nullable Object> said = new LinkedHashMap<>();
    said.put("role", calls.isEmpty() ? role : "assistant");
    said.put("content", onlyText ? texts(parts) : content);
    Json.putFilled(said, "tool_calls", calls);
    chat.add(said);
  }

  private static Map<String, @Nullable Object> message(String role, String content) {
    Map<String, @Nullable Object> message = new LinkedHashMap<>();
    message.put("role", role);
    message.put("content", content);
    return message;
  }

  private static String role(String role) {
    if (ROLES.contains(role)) {
      return role.equals("developer") ? "system" : role;
    }
    return role.equals("model") || role.equals("ai") ? "assistant" : "user";
  }

  private static Map<String, @Nullable Object> textPart(String text) {
    Map<String, @Nullable Object> part = new LinkedHashMap<>();
    part.put("type", "text");
    part.put("text", text);
    return part;
  }

  /**
   * Images as URLs, of the web or with the data in them: from any other, a tool would read a file
   * of its own machine. Everything else by its kind.
   */
  private static Object media(Map<String, @Nullable Object> part, Dialect dialect) {
    String mimeType = text(part, "mime_type");
    String modality = text(part, "modality");
    String uri = text(part, "uri");
    String data = text(part, "content");
    if (!data.isEmpty() && mimeType.matches("image/[A-Za-z0-9.+-]+")) {
      uri = "data:" + mimeType + ";base64," + data;
    }
    boolean image = modality.equals("image") || mimeType.startsWith("image/");
    boolean open = uri.matches("(?is)(https?://|data:image/).*");
    return image && open
        ? dialect.image(uri)
        : textPart("[" + (modality.isEmpty() ? "file" : modality) + "]");
  }

  private static String asText(@Nullable Object value) {
    return value instanceof String text ? text : value == null ? "" : Json.text(value);
  }

  private interface Dialect {
    Object call(String id, String name, @Nullable Object arguments);

    Object image(String url);
  }

  private static final class OpenAi implements Dialect {
    @Override
    public Object call(String id, String name, @Nullable Object arguments) {
      Map<String, @Nullable Object> function = new LinkedHashMap<>();
      function.put("name", name);
      function.put("arguments", arguments == null ? "{}" : asText(arguments));
      Map<String, @Nullable Object> call = new LinkedHashMap<>();
      call.put("id", id);
      call.put("type", "function");
      call.put("function", function);
      return call;
    }

    @Override
    public Object image(String url) {
      Map<String, @Nullable Object> part = new LinkedHashMap<>();
      part.put("type", "image_url");
      part.put("image_url", new LinkedHashMap<>(Map.of("url", url)));
      return part;
    }
  }

  private static final class Inspect implements Dialect {
    @Override
    public Object call(String id, String name, @Nullable Object arguments) {
      Map<String, @Nullable Object> call = new LinkedHashMap<>();
      call.put("id", id);
      call.put("function", name);
      // Inspect takes objects only; what is none was no valid call.
      call.put("arguments", arguments instanceof Map ? arguments : new LinkedHashMap<>());
      call.put("type", "function");
      return call;
    }

    @Override
    public Object image(String url) {
      Map<String, @Nullable Object> part = new LinkedHashMap<>();
      part.put("type", "image");
      part.put("image", url);
      return part;
    }
  }
}
