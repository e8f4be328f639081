package dev.tallyspan.semconv.internal.json;

import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes values as JSON text; bytes become base64, lone surrogates U+FFFD. */
public final class JsonWriter {

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private JsonWriter() {}

  public static String write(@Nullable Value<?> value) {
    StringBuilder out = new StringBuilder(length(value));
    write(value, out);
    return out.toString();
  }

  /** About how long the text becomes, with room for the escapes that texts usually need. */
  @SuppressWarnings("unchecked") // getValue() has the type that getType() indicates
  private static int length(@Nullable Value<?> value) {
    int length = 8;
    if (value != null) {
      switch (value.getType()) {
        case STRING -> {
          int text = ((String) value.getValue()).length();
          length += text + (text >> 4);
        }
        case ARRAY -> {
          List<Value<?>> elements = (List<Value<?>>) value.getValue();
          for (int i = 0; i < elements.size(); i++) {
            length += length(elements.get(i));
          }
        }
        case KEY_VALUE_LIST -> {
          List<KeyValue> members = (List<KeyValue>) value.getValue();
          for (int i = 0; i < members.size(); i++) {
            length += members.get(i).getKey().length() + 4 + length(members.get(i).getValue());
          }
        }
        default -> length += 16;
      }
    }
    return length < 0 ? Integer.MAX_VALUE / 4 : length;
  }

  @SuppressWarnings("unchecked") // getValue() has the type that getType() indicates
  public static void write(@Nullable Value<?> value, StringBuilder out) {
    if (value == null || EmptyValue.is(value)) {
      out.append("null");
      return;
    }
    switch (value.getType()) {
      case STRING -> quote((String) value.getValue(), out);
      case BOOLEAN, LONG -> out.append(value.getValue());
      case DOUBLE -> out.append(ofNumber((Double) value.getValue()));
      case BYTES -> {
        ByteBuffer encoded =
            Base64.getEncoder().encode(((ByteBuffer) value.getValue()).duplicate());
        quote(java.nio.charset.StandardCharsets.ISO_8859_1.decode(encoded).toString(), out);
      }
      case ARRAY -> writeArray((List<Value<?>>) value.getValue(), out);
      case KEY_VALUE_LIST -> writeObject((List<KeyValue>) value.getValue(), out);
      default -> out.append("null");
    }
  }

  static String ofNumber(double number) {
    return Double.isFinite(number) ? Double.toString(number) : "null";
  }

  private static void writeArray(List<Value<?>> elements, StringBuilder out) {
    out.append('[');
    for (int i = 0; i < elements.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      write(elements.get(i), out);
    }
    out.append(']');
  }

  private static void writeObject(List<KeyValue> members, StringBuilder out) {
    out.append('{');
    for (int i = 0; i < members.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      KeyValue member = members.get(i);
      quote(member.getKey(), out);
      out.append(':');
      write(member.getValue(), out);
    }
    out.append('}');
  }

  public static void quote(String text, StringBuilder out) {
    out.append('"');
    int length = text.length();
    int plain = 0;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c != '"' && c != '\\' && !Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < length
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      append(text, plain, i, out);
      plain = i + 1;
      escape(c, out);
    }
    append(text, plain, length, out);
    out.append('"');
  }

  /** Appends a run of characters as they are; whole strings are copied faster than parts. */
  private static void append(String text, int from, int to, StringBuilder out) {
    if (to - from > 24) {
      out.append(text.substring(from, to));
    } else if (from < to) {
      out.append(text, from, to);
    }
  }

  private static void escape(char c, StringBuilder out) {
    switch (c) {
      case '"', '\\' -> out.append('\\').append(c);
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (c < ' ') {
          out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
        } else {
          out.append('\uFFFD'); // half a pair
        }
      }
    }
  }
}
