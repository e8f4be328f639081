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
    return JsonWriter.write(toValue(messages));
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
    members.put("type", Value.of(part.type()));
    if (part instanceof Text text) {
      put(members, "content", text.content());
    } else if (part instanceof Reasoning reasoning) {
      put(members, "content", reasoning.content());
    } else if (part instanceof ToolCall call) {
      put(members, "id", call.id());
      put(members, "name", call.name());
      put(members, "arguments", call.arguments());
    } else if (part instanceof ToolCallResponse response) {
      put(members, "id", response.id());
      put(members, "response", response.response());
    } else if (part instanceof ServerToolCall call) {
      put(members, "id", call.id());
      put(members, "name", call.name());
      put(members, "server_tool_call", call.call());
    } else if (part instanceof ServerToolCallResponse response) {
      put(members, "id", response.id());
      put(members, "server_tool_call_response", response.response());
    } else if (part instanceof Blob blob) {
      media(members, blob.mimeType(), blob.modality());
      put(members, "content", blob.content());
    } else if (part instanceof StoredFile file) {
      media(members, file.mimeType(), file.modality());
      put(members, "file_id", file.fileId());
    } else if (part instanceof Uri uri) {
      media(members, uri.mimeType(), uri.modality());
      put(members, "uri", uri.uri());
    } else if (part instanceof Compaction compaction) {
      put(members, "id", compaction.id());
      put(members, "content", compaction.content());
    } else if (!(part instanceof Generic)) {
      throw new AssertionError(part.type());
    }
    part.extra().forEach(members::putIfAbsent);
    return members.toValue();
  }

  private static void media(Members members, @Nullable String mimeType, String modality) {
    put(members, "mime_type", mimeType);
    put(members, "modality", modality);
  }

  private static void put(Members members, String name, @Nullable String value) {
    if (value != null) {
      members.put(name, Value.of(value));
    }
  }

  private static void put(Members members, String name, @Nullable Value<?> value) {
    if (value != null) {
      members.put(name, value);
    }
  }
}
