package dev.tallyspan.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values that both APIs have. */
final class Formats {

  private Formats() {}

  /** The convention's name of a response format; null if there is none. */
  static @Nullable String outputType(@Nullable String format) {
    return format == null ? null : format.startsWith("json") ? "json" : "text";
  }

  /** One text, or several. */
  static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    if (node.isTextual()) {
      texts.add(node.textValue());
    }
    for (JsonNode element : node) {
      if (element.isTextual()) {
        texts.add(element.textValue());
      }
    }
    return texts;
  }
}
