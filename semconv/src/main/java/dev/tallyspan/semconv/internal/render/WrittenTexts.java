package dev.tallyspan.semconv.internal.render;

import dev.tallyspan.semconv.internal.dialect.CallPayload;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.Scalars;
import dev.tallyspan.semconv.span.Reading;
import io.opentelemetry.api.common.Value;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The texts, numbers and booleans in what is written, to find out whether other values contain
 * more.
 */
final class WrittenTexts {

  /** Members that describe the structure, which differs between dialects. */
  private static final Set<String> SHAPE = Set.of("role", "type", "object", "index");

  private final Set<String> texts = new HashSet<>();

  WrittenTexts(List<Json> values) {
    for (Json value : values) {
      add(value, "");
    }
  }

  /** What a slot holds, to walk. */
  static Json json(Reading<?> reading) {
    Object content = reading.structured();
    if (content instanceof Value<?> any) {
      return Json.of(any);
    }
    if (content instanceof List<?> list) {
      return Json.of(Value.of(list.stream().<Value<?>>map(e -> Value.of(e.toString())).toList()));
    }
    return Json.of(String.valueOf(content));
  }

  /**
   * Whether everything in this value is written. A text that contains JSON may be written as
   * structure.
   *
   * @param name of the member or attribute that holds it
   */
  boolean cover(Json json, String name) {
    if (!json.isPresent() || SHAPE.contains(name)) {
      return true;
    }
    if (json.isArray()) {
      for (Json element : json) {
        if (!cover(element, name)) {
          return false;
        }
      }
      return true;
    }
    if (json.isObject()) {
      for (Map.Entry<String, Json> member : json.entries().entrySet()) {
        if (!cover(member.getValue(), member.getKey())) {
          return false;
        }
      }
      return true;
    }
    if (texts.contains(text(json, name)) || json.isText() && json.text().isBlank()) {
      return true;
    }
    Json opened = CallPayload.unquoted(json).unwrapOrSelf();
    return !opened.equals(json) && !opened.truncated() && cover(opened, name);
  }

  private void add(Json json, String name) {
    if (json.isArray()) {
      json.forEach(element -> add(element, name));
    } else if (json.isObject()) {
      json.entries().forEach((member, value) -> add(value, member));
    } else if (json.isPresent()) {
      texts.add(text(json, name));
      Json opened = json.unwrap();
      if (opened.isPresent()) {
        add(opened, name);
      }
    }
  }

  private static String text(Json json, String name) {
    if (json.isBoolean()) {
      return name + "=" + json.asText();
    }
    BigDecimal number = json.isNumber() ? Scalars.decimal(json) : null;
    return number == null ? json.asText() : number.stripTrailingZeros().toPlainString();
  }
}
