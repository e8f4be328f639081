package dev.tallyspan.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.openai.core.JsonField;
import com.openai.core.JsonMissing;
import com.openai.core.ObjectMappers;
import dev.tallyspan.semconv.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * Requests and responses as JSON, as the library writes and reads them: it shows what a server of
 * another make has left out, or sends besides, which the library's own getters throw for.
 */
final class Json {

  private Json() {}

  static JsonNode of(Object model) {
    return ObjectMappers.jsonMapper().valueToTree(model);
  }

  /** A field that a request does not have. */
  @SuppressWarnings("unchecked") // it has no value of any type
  static <T> JsonField<T> missing() {
    return (JsonField<T>) (JsonField<?>) JsonMissing.of();
  }

  /** The text at a path; null if there is none. */
  static @Nullable String text(JsonNode node, String... path) {
    JsonNode found = at(node, path);
    return found.isTextual() ? found.textValue() : null;
  }

  /** The number at a path; null if there is none. */
  static @Nullable Number number(JsonNode node, String... path) {
    JsonNode found = at(node, path);
    return found.isNumber() ? found.numberValue() : null;
  }

  /** The count at a path; {@link TokenUsage#UNKNOWN} if there is none. */
  static long count(JsonNode node, String... path) {
    JsonNode found = at(node, path);
    return found.isNumber() ? found.longValue() : TokenUsage.UNKNOWN;
  }

  /** The node at a path; a missing one if there is none. */
  static JsonNode at(JsonNode node, String... path) {
    JsonNode found = node;
    for (String name : path) {
      found = found.path(name);
    }
    return found.isNull() ? MissingNode.getInstance() : found;
  }
}
