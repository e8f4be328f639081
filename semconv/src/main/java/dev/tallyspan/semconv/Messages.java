package dev.tallyspan.semconv;

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
import dev.tallyspan.semconv.internal.json.ContentLimit;
import dev.tallyspan.semconv.internal.json.JsonWriter;
import dev.tallyspan.semconv.internal.json.Members;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Converts messages to the form of {@code gen_ai.input.messages} and similar attributes: structured
 * values and JSON text.
 */
public final class Messages {

  private Messages() {}

  /**
   * {@return the messages as JSON text}
   *
   * @param messages the messages
   */
  public static String toJson(List<Message> messages) {
    StringBuilder out = new StringBuilder(length(messages));
    JsonMembers ofMessage = new JsonMembers(out);
    JsonMembers ofPart = new JsonMembers(out);
    out.append('[');
    for (int i = 0; i < messages.size(); i++) {
      out.append(i == 0 ? "" : ",");
      Message message = messages.get(i);
      ofMessage.start();
      ofMessage.put("role", message.role());
      ofMessage.name("parts");
      writeParts(message.parts(), ofPart, out);
      ofMessage.put("name", message.name());
      ofMessage.put("finish_reason", message.finishReason());
      message.extra().forEach(ofMessage::putIfAbsent);
      out.append('}');
    }
    return out.append(']').toString();
  }

  private static void writeParts(List<MessagePart> parts, JsonMembers members, StringBuilder out) {
    out.append('[');
    for (int i = 0; i < parts.size(); i++) {
      out.append(i == 0 ? "" : ",");
      members.start();
      put(parts.get(i), members);
      parts.get(i).extra().forEach(members::putIfAbsent);
      out.append('}');
    }
    out.append(']');
  }

  /** About how long the JSON text becomes, with room for the escapes that texts usually need. */
  private static int length(List<Message> messages) {
    int length = 16;
    for (Message message : messages) {
      length += 64;
      for (MessagePart part : message.parts()) {
        int text = part instanceof Text plain ? plain.content().length() : 256;
        length += 48 + text + (text >> 4);
      }
    }
    return length < 0 ? Integer.MAX_VALUE / 4 : length;
  }

  /**
   * {@return the messages as JSON text of at most {@code maxLength} characters} The result is
   * always valid JSON: long texts are cut and marked, media that do not fit are removed, and if
   * that is not enough, the first messages are removed too.
   *
   * @param messages the messages
   * @param maxLength the limit, in characters
   * @throws IllegalArgumentException if {@code maxLength} is less than 2, the length of an empty
   *     list
   */
  public static String toJson(List<Message> messages, int maxLength) {
    if (maxLength < 2) {
      throw new IllegalArgumentException("maxLength=" + maxLength + " is less than 2");
    }
    return JsonWriter.write(ContentLimit.fit(toValue(messages), maxLength));
  }

  /**
   * {@return the parts as JSON text}
   *
   * @param parts the parts
   */
  public static String partsToJson(List<MessagePart> parts) {
    return JsonWriter.write(partsToValue(parts));
  }

  /**
   * {@return the messages as a structured attribute}
   *
   * @param messages the messages
   */
  public static Value<?> toValue(List<Message> messages) {
    List<Value<?>> values = new ArrayList<>(messages.size());
    messages.forEach(message -> values.add(toValue(message)));
    return Value.of(values);
  }

  /**
   * {@return a message as a structured value}
   *
   * @param message the message
   */
  public static Value<?> toValue(Message message) {
    Members members = new Members();
    members.put("role", Value.of(message.role()));
    members.put("parts", partsToValue(message.parts()));
    put(members, "name", message.name());
    put(members, "finish_reason", message.finishReason());
    message.extra().forEach(members::putIfAbsent);
    return members.toValue();
  }

  /**
   * {@return the parts as a structured attribute, as in {@code gen_ai.system_instructions}}
   *
   * @param parts the parts
   */
  public static Value<?> partsToValue(List<MessagePart> parts) {
    List<Value<?>> values = new ArrayList<>(parts.size());
    parts.forEach(part -> values.add(toValue(part)));
    return Value.of(values);
  }

  /**
   * {@return a part as a structured value}
   *
   * @param part the part
   */
  public static Value<?> toValue(MessagePart part) {
    Members members = new Members();
    put(part, new ValueMembers(members));
    part.extra().forEach(members::putIfAbsent);
    return members.toValue();
  }

  /** Puts the members of a part that the schema defines. */
  private static void put(MessagePart part, PartMembers members) {
    members.put("type", part.type());
    if (part instanceof Text text) {
      members.put("content", text.content());
    } else if (part instanceof Reasoning reasoning) {
      members.put("content", reasoning.content());
    } else if (part instanceof ToolCall call) {
      members.put("id", call.id());
      members.put("name", call.name());
      members.put("arguments", call.arguments());
    } else if (part instanceof ToolCallResponse response) {
      members.put("id", response.id());
      members.put("response", response.response());
    } else if (part instanceof ServerToolCall call) {
      members.put("id", call.id());
      members.put("name", call.name());
      members.put("server_tool_call", call.call());
    } else if (part instanceof ServerToolCallResponse response) {
      members.put("id", response.id());
      members.put("server_tool_call_response", response.response());
    } else if (part instanceof Blob blob) {
      media(members, blob.mimeType(), blob.modality());
      members.put("content", blob.content());
    } else if (part instanceof StoredFile file) {
      media(members, file.mimeType(), file.modality());
      members.put("file_id", file.fileId());
    } else if (part instanceof Uri uri) {
      media(members, uri.mimeType(), uri.modality());
      members.put("uri", uri.uri());
    } else if (part instanceof Compaction compaction) {
      members.put("id", compaction.id());
      members.put("content", compaction.content());
    } else if (!(part instanceof Generic)) {
      throw new AssertionError(part.type());
    }
  }

  private static void media(PartMembers members, @Nullable String mimeType, String modality) {
    members.put("mime_type", mimeType);
    members.put("modality", modality);
  }

  private static void put(Members members, String name, @Nullable String value) {
    if (value != null) {
      members.put(name, Value.of(value));
    }
  }

  /** Receives the members of an object, each name once; null is no member. */
  private interface PartMembers {
    void put(String name, @Nullable String text);

    void put(String name, @Nullable Value<?> value);
  }

  private record ValueMembers(Members members) implements PartMembers {
    @Override
    public void put(String name, @Nullable String text) {
      Messages.put(members, name, text);
    }

    @Override
    public void put(String name, @Nullable Value<?> value) {
      if (value != null) {
        members.put(name, value);
      }
    }
  }

  /** Writes the members of one object after another as JSON text. */
  private static final class JsonMembers implements PartMembers {
    private final StringBuilder out;

    /** The names of the object at hand that the schema defines. */
    private final List<String> names = new ArrayList<>(6);

    JsonMembers(StringBuilder out) {
      this.out = out;
    }

    void start() {
      names.clear();
      out.append('{');
    }

    void name(String name) {
      if (!names.isEmpty()) {
        out.append(',');
      }
      names.add(name);
      JsonWriter.quote(name, out);
      out.append(':');
    }

    @Override
    public void put(String name, @Nullable String text) {
      if (text != null) {
        name(name);
        JsonWriter.quote(text, out);
      }
    }

    @Override
    public void put(String name, @Nullable Value<?> value) {
      if (value != null) {
        name(name);
        JsonWriter.write(value, out);
      }
    }

    void putIfAbsent(String name, Value<?> value) {
      if (!names.contains(name)) {
        put(name, value);
      }
    }
  }
}
