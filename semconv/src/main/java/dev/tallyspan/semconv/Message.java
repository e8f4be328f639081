package dev.tallyspan.semconv;

import io.opentelemetry.api.common.Value;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation; as output, one choice of the model.
 *
 * @param role {@code system}, {@code user}, {@code assistant}, {@code tool}, or the source's own
 * @param parts in their order
 * @param name of the participant; null if none
 * @param finishReason why the model stopped, as {@link #withFinishReason} puts it; null on input
 * @param extra members beyond the schema, in their order
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

  /** A message of one text. */
  public static Message text(String role, String content) {
    return new Message(role, List.of(new MessagePart.Text(content)));
  }

  /** The same message with a provider's finish reason, in the schema's words. */
  public Message withFinishReason(@Nullable String reason) {
    return new Message(role, parts, name, FinishReasons.canonical(reason), extra);
  }
}
