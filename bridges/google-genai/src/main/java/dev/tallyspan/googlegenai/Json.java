package dev.tallyspan.googlegenai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tallyspan.semconv.TokenUsage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Requests and responses as they are sent. */
final class Json {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** Returns the value, or a missing node if it is not JSON. */
  static JsonNode of(byte[] json) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  /** What creates parsers. */
  static JsonFactory factory() {
    return MAPPER.getFactory();
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
