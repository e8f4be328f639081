package dev.tallyspan.semconv.internal.json;

import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Shortens content to a length and keeps it valid: long texts inside it are cut, longest first, and
 * if that is not enough, elements are removed from the front of the list, since the end of a
 * conversation is the most useful. Base64 that does not fit is removed completely, since half an
 * image is useless.
 */
public final class ContentLimit {

  private static final int SHORTEST_CUT = 64;
  private static final String MARK = "\u2026[truncated]";

  private ContentLimit() {}

  /**
   * The value itself if its JSON text has at most {@code max} characters; else a shortened value
   * that fits.
   */
  public static Value<?> fit(Value<?> value, int max) {
    if (length(value) <= max) {
      return value;
    }
    Value<?> cut = value;
    for (int cap = Math.max(SHORTEST_CUT, max / 2); cap >= SHORTEST_CUT; cap /= 2) {
      cut = cut(value, cap, "");
      if (length(cut) <= max) {
        return cut;
      }
    }
    return withoutFront(cut, max);
  }

  private static Value<?> withoutFront(Value<?> value, int max) {
    Json list = Json.of(value);
    if (!list.isArray()) {
      return Value.of(List.of());
    }
    List<Value<?>> kept = new ArrayList<>();
    int length = 2;
    for (int i = list.size() - 1; i >= 0; i--) {
      Value<?> element = list.at(i).value();
      length += element == null ? 0 : length(element) + 1;
      if (length > max) {
        break;
      }
      if (element != null) {
        kept.add(0, element);
      }
    }
    return Value.of(kept);
  }

  @SuppressWarnings("unchecked") // getValue() has the type that getType() indicates
  private static Value<?> cut(Value<?> value, int cap, String name) {
    switch (value.getType()) {
      case STRING:
        return Value.of(cut((String) value.getValue(), cap, name));
      case ARRAY:
        List<Value<?>> elements = new ArrayList<>();
        for (Value<?> element : (List<Value<?>>) value.getValue()) {
          elements.add(cut(element, cap, ""));
        }
        return Value.of(elements);
      case KEY_VALUE_LIST:
        boolean blob = Json.of(value).get("modality").isPresent();
        Map<String, Value<?>> members = new LinkedHashMap<>();
        for (KeyValue member : (List<KeyValue>) value.getValue()) {
          boolean bytes = blob && member.getKey().equals("content");
          members.put(
              member.getKey(), cut(member.getValue(), cap, bytes ? "bytes" : member.getKey()));
        }
        return Value.of(members);
      default:
        return value;
    }
  }

  private static String cut(String text, int cap, String name) {
    if (text.length() <= cap) {
      return text;
    }
    if (name.equals("bytes")) {
      return "";
    }
    int end = Character.isHighSurrogate(text.charAt(cap - 1)) ? cap - 1 : cap;
    return text.substring(0, end) + MARK;
  }

  private static int length(Value<?> value) {
    return JsonWriter.write(value).length();
  }
}
