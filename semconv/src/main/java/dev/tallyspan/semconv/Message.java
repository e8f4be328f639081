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

  public Message {
    role = Objects.requireNonNullElse(role, "");
    parts = parts == null ? List.of() : parts.stream().filter(Objects::nonNull).toList();
    extra =
        extra == null || extra.isEmpty()
            ? Map.of()
            : Collections.unmodifiableMap(new LinkedHashMap<>(extra));
  }

  public Message(String role, List<MessagePart> parts) {
    this(role, parts, null, null, Map.of());
  }

  /** Creates a message with one text part; with no part if the text is null. */
  public static Message text(@Nullable String role, @Nullable String content) {
    return new Message(role == null ? "" : role, List.of()).and(content);
  }

  /** Creates a message of the user. */
  public static Message user(@Nullable String content) {
    return text("user", content);
  }

  /** Creates a system message, for APIs that have it among the other messages. */
  public static Message system(@Nullable String content) {
    return text("system", content);
  }

  /** Creates a message of the model. */
  public static Message assistant(@Nullable String content) {
    return text("assistant", content);
  }

  /** Creates a message of the model without text. */
  public static Message assistant() {
    return new Message("assistant", List.of());
  }

  /** Creates the message that answers a tool call, see {@link MessagePart.ToolCallResponse#of}. */
  public static Message toolResult(@Nullable String id, @Nullable String result) {
    return new Message("tool", List.of(MessagePart.ToolCallResponse.of(id, result)));
  }

  /** Returns the same message with a text added. */
  public Message and(@Nullable String text) {
    return text == null ? this : and(new MessagePart.Text(text));
  }

  /** Returns the same message with a part added. */
  public Message and(@Nullable MessagePart part) {
    if (part == null) {
      return this;
    }
    List<MessagePart> more = new ArrayList<>(parts);
    more.add(part);
    return new Message(role, more, name, finishReason, extra);
  }

  /** Returns the same message with reasoning of the model added. */
  public Message reasoning(@Nullable String text) {
    return text == null ? this : and(new MessagePart.Reasoning(text));
  }

  /** Returns the same message with a tool call added, see {@link MessagePart.ToolCall#of}. */
  public Message toolCall(@Nullable String id, @Nullable String tool, @Nullable String json) {
    return and(MessagePart.ToolCall.of(id, tool, json));
  }

  /** Returns the same message with an image, sound or document added. */
  public Message blob(@Nullable String mimeType, byte @Nullable [] bytes) {
    return and(MessagePart.Blob.of(mimeType, bytes));
  }

  /** Returns the same message with a resource at another location added. */
  public Message uri(@Nullable String mimeType, @Nullable String uri) {
    return and(MessagePart.Uri.of(mimeType, uri));
  }

  /**
   * Returns the same message with a finish reason, converted from the provider's value to the
   * schema's.
   */
  public Message withFinishReason(@Nullable String reason) {
    return new Message(role, parts, name, FinishReasons.canonical(reason), extra);
  }
}
