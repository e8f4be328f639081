package dev.tallyspan.collector.view;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON that an attribute holds, for reading and for showing. Instrumentations write messages and
 * tool arguments either as structured values or as JSON in a string; both come out alike.
 */
final class JsonText {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int MAX_DEPTH = 40;

  /** The value itself if it is structured; what it spells if it is JSON in a string; else null. */
  static Object structured(Object value) {
    if (!(value instanceof String text)) {
      return value;
    }
    String trimmed = text.strip();
    if (!trimmed.startsWith("{") && !trimmed.startsWith("[")) {
      return null;
    }
    try (JsonParser parser = JSON.createParser(trimmed)) {
      parser.nextToken();
      return read(parser, 0);
    } catch (IOException e) {
      // Often cut at an attribute length limit: then it is shown as the text that it is.
      return null;
    }
  }

  /** The value as compact JSON, or as it is if it is text; breaks off soon after {@code max}. */
  static String show(Object value, int max) {
    if (value instanceof String text) {
      Object parsed = structured(text);
      if (parsed == null) {
        return text;
      }
      return show(parsed, max);
    }
    StringBuilder out = new StringBuilder();
    write(value, out, max, 0);
    return out.toString();
  }

  private static Object read(JsonParser parser, int depth) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null || depth > MAX_DEPTH) {
      throw new IOException("incomplete or too deep");
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String key = parser.currentName();
          parser.nextToken();
          map.put(key, read(parser, depth + 1));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(read(parser, depth + 1));
        }
        yield list;
      }
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      // Numbers stay as they were written: they are for showing.
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Spelled(parser.getText());
      default -> parser.getText();
    };
  }

  private static void write(Object value, StringBuilder out, int max, int depth) {
    if (out.length() > max) {
      return;
    }
    if (depth > MAX_DEPTH) {
      out.append("...");
    } else if (value instanceof Map<?, ?> map) {
      String separator = "{";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        out.append(separator);
        quote(String.valueOf(entry.getKey()), out, max);
        out.append(": ");
        write(entry.getValue(), out, max, depth + 1);
        separator = ", ";
        if (out.length() > max) {
          return;
        }
      }
      out.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof List<?> list) {
      out.append('[');
      for (int i = 0; i < list.size() && out.length() <= max; i++) {
        out.append(i == 0 ? "" : ", ");
        write(list.get(i), out, max, depth + 1);
      }
      out.append(']');
    } else if (value instanceof String text) {
      quote(text, out, max);
    } else if (value instanceof byte[] bytes) {
      out.append('<').append(bytes.length).append(" bytes>");
    } else {
      out.append(value);
    }
  }

  private static void quote(String text, StringBuilder out, int max) {
    out.append('"').append(text, 0, Math.min(text.length(), max)).append('"');
  }

  /** A number as it was written. */
  private record Spelled(String number) {
    @Override
    public String toString() {
      return number;
    }
  }

  private JsonText() {}
}
