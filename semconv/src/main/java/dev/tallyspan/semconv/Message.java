package dev.tallyspan.semconv;

import io.opentelemetry.api.common.Value;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message of a conversation; in the output, one choice of the model.
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
    Objects.requireNonNull(role, "role");
    parts = List.copyOf(parts);
    extra = extra.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(extra));
  }

  public Message(String role, List<MessagePart> parts) {
    this(role, parts, null, null, Map.of());
  }

  /** Creates a message with one text part. */
  public static Message text(String role, String content) {
    return new Message(role, List.of(new MessagePart.Text(content)));
  }

  /**
   * Returns the same message with a finish reason, converted from the provider's value to the
   * schema's.
   */
  public Message withFinishReason(@Nullable String reason) {
    return new Message(role, parts, name, FinishReasons.canonical(reason), extra);
  }
}
