package dev.tallyspan.semconv;

import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message of a conversation; in the output, one choice of the model. Immutable: every method that
 * adds something returns a new message. Null is never an error: as a role, it is an empty text; as
 * a part or a text, it is left out.
 *
 * <pre>{@code
 * Message.user("What is in this picture?").blob("image/png", bytes);
 * Message.assistant().toolCall("call_1", "get_weather", "{\"city\":\"Paris\"}");
 * Message.toolResult("call_1", "{\"celsius\":21}");
 * }</pre>
 *
 * @param role {@code system}, {@code user}, {@code assistant}, {@code tool}, or a role that only
 *     the source defines
 * @param parts the parts, in order
 * @param name of the participant; null if none
 * @param finishReason why the model stopped, as set by {@link #withFinishReason}; null on input and
 *     if not known
 * @param extra members that the schema does not define, in order
 */
public record Message(
    String role,
    List<MessagePart> parts,
    @Nullable String name,
    @Nullable String finishReason,
    Map<String, Value<?>> extra) {

  /**
   * Creates a message. Null is never an error.
   *
   * @param role null is an empty text
   * @param parts null is none; parts that are null are left out
   * @param name of the participant; null if none
   * @param finishReason one of the schema's values, not converted; null on input and if not known
   * @param extra null is none
   */
  public Message {
    role = Objects.requireNonNullElse(role, "");
    parts = withoutNulls(parts);
    extra =
        extra == null || extra.isEmpty()
            ? Map.of()
            : Collections.unmodifiableMap(new LinkedHashMap<>(extra));
  }

  private static List<MessagePart> withoutNulls(@Nullable List<MessagePart> parts) {
    if (parts == null) {
      return List.of();
    }
    for (MessagePart part : parts) {
      if (part == null) {
        return parts.stream().filter(Objects::nonNull).toList();
      }
    }
    return List.copyOf(parts);
  }

  /**
   * Creates a message without a name, a finish reason or extra members.
   *
   * @param role null is an empty text
   * @param parts null is none; parts that are null are left out
   */
  public Message(String role, List<MessagePart> parts) {
    this(role, parts, null, null, Map.of());
  }

  /**
   * {@return a message with one text part; with no part if the text is null}
   *
   * @param role the role; null is an empty role
   * @param content the text
   */
  public static Message text(@Nullable String role, @Nullable String content) {
    return new Message(role == null ? "" : role, List.of()).and(content);
  }

  /**
   * {@return a message of the user}
   *
   * @param content the text; null for a message without parts
   */
  public static Message user(@Nullable String content) {
    return text("user", content);
  }

  /**
   * {@return a system message, for APIs that have it among the other messages}
   *
   * @param content the text; null for a message without parts
   */
  public static Message system(@Nullable String content) {
    return text("system", content);
  }

  /**
   * {@return a message of the model}
   *
   * @param content the text; null for a message without parts
   */
  public static Message assistant(@Nullable String content) {
    return text("assistant", content);
  }

  /** {@return a message of the model without parts} */
  public static Message assistant() {
    return new Message("assistant", List.of());
  }

  /**
   * {@return the message that answers a tool call, see {@link MessagePart.ToolCallResponse#of}}
   *
   * @param id of the call; null if there is none
   * @param result text, or the text of a JSON object or array; null is an empty text
   */
  public static Message toolResult(@Nullable String id, @Nullable String result) {
    return new Message("tool", List.of(MessagePart.ToolCallResponse.of(id, result)));
  }

  /**
   * {@return the same message with a text added}
   *
   * @param text the text; null adds nothing
   */
  public Message and(@Nullable String text) {
    return text == null ? this : and(new MessagePart.Text(text));
  }

  /**
   * {@return the same message with a part added}
   *
   * @param part the part; null adds nothing
   */
  public Message and(@Nullable MessagePart part) {
    if (part == null) {
      return this;
    }
    List<MessagePart> more = new ArrayList<>(parts);
    more.add(part);
    return new Message(role, more, name, finishReason, extra);
  }

  /**
   * {@return the same message with reasoning of the model added}
   *
   * @param text the reasoning; empty if the provider withheld it; null adds nothing
   */
  public Message reasoning(@Nullable String text) {
    return text == null ? this : and(new MessagePart.Reasoning(text));
  }

  /**
   * {@return the same message with a tool call added, see {@link MessagePart.ToolCall#of}}
   *
   * @param id of the call, as in its result; null if there is none
   * @param tool the name of the tool; null is an empty name
   * @param json the arguments, usually an object; other text is kept as text; null or blank if
   *     there are none
   */
  public Message toolCall(@Nullable String id, @Nullable String tool, @Nullable String json) {
    return and(MessagePart.ToolCall.of(id, tool, json));
  }

  /**
   * {@return the same message with an image, sound or document added, see {@link
   * MessagePart.Blob#of}}
   *
   * @param mimeType such as {@code image/png}; null if it is not known
   * @param bytes the content, not encoded; null is no bytes
   */
  public Message blob(@Nullable String mimeType, byte @Nullable [] bytes) {
    return and(MessagePart.Blob.of(mimeType, bytes));
  }

  /**
   * {@return the same message with a resource at another location added, see {@link
   * MessagePart.Uri#of}}
   *
   * @param mimeType such as {@code image/png}; null if it is not known
   * @param uri the location; null is an empty text
   */
  public Message uri(@Nullable String mimeType, @Nullable String uri) {
    return and(MessagePart.Uri.of(mimeType, uri));
  }

  /**
   * {@return the same message with a finish reason, converted from the provider's value to the
   * schema's}
   *
   * @param reason as the provider names it; null, or a placeholder such as {@code none}, removes
   *     the reason
   */
  public Message withFinishReason(@Nullable String reason) {
    return new Message(role, parts, name, FinishReasons.canonical(reason), extra);
  }
}
