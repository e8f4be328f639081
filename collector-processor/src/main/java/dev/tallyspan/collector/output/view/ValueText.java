package dev.tallyspan.collector.output.view;

import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.nio.ByteBuffer;
import java.util.List;

/** A value as text for users: text unchanged, other values as compact JSON. */
final class ValueText {

  private static final int MAX_DEPTH = 40;

  private final StringBuilder out = new StringBuilder();
  private final int max;

  private ValueText(int max) {
    this.max = max;
  }

  /** Returns at most {@code max} characters of the text. */
  static String of(Value<?> value, int max) {
    ValueText text = new ValueText(max);
    if (value.getValue() instanceof String whole) {
      text.out.append(whole, 0, Math.min(whole.length(), max));
    } else {
      text.write(value, 0);
      text.out.setLength(Math.min(text.out.length(), max));
    }
    return text.out.toString();
  }

  private void write(Value<?> value, int depth) {
    if (out.length() > max) {
      return;
    }
    if (depth > MAX_DEPTH) {
      out.append("...");
      return;
    }
    switch (value.getType()) {
      case STRING -> quote((String) value.getValue());
      case ARRAY -> array((List<?>) value.getValue(), depth);
      case KEY_VALUE_LIST -> object((List<?>) value.getValue(), depth);
      case BYTES ->
          out.append('<').append(((ByteBuffer) value.getValue()).remaining()).append(" bytes>");
      case EMPTY -> out.append("null");
      default -> out.append(value.getValue());
    }
  }

  private void array(List<?> elements, int depth) {
    String separator = "";
    out.append('[');
    for (Object element : elements) {
      out.append(separator);
      write((Value<?>) element, depth + 1);
      separator = ", ";
      if (out.length() > max) {
        return;
      }
    }
    out.append(']');
  }

  private void object(List<?> members, int depth) {
    String separator = "";
    out.append('{');
    for (Object member : members) {
      KeyValue keyValue = (KeyValue) member;
      out.append(separator);
      quote(keyValue.getKey());
      out.append(": ");
      write(keyValue.getValue(), depth + 1);
      separator = ", ";
      if (out.length() > max) {
        return;
      }
    }
    out.append('}');
  }

  private void quote(String text) {
    out.append('"').append(text, 0, Math.min(text.length(), max)).append('"');
  }
}
