package dev.tallyspan.collector.output.debug;

import dev.tallyspan.collector.wire.WireAttributes;
import dev.tallyspan.collector.wire.WireValues;
import java.util.HexFormat;

/** Attributes and values as text, in the form that the Collector has. */
final class AttributeText {

  private final boolean content;
  private final StringBuilder out;

  /**
   * @param content whether texts are shown that may be content
   */
  AttributeText(boolean content, StringBuilder out) {
    this.content = content;
    this.out = out;
  }

  /** Writes only the keys, in one line. */
  void keys(WireAttributes attributes) {
    for (int i = 0; i < attributes.size(); i++) {
      out.append(' ').append(attributes.key(i));
    }
  }

  /** Writes one line for each attribute, if there are any. */
  void lines(String title, WireAttributes attributes) {
    if (attributes.size() == 0) {
      return;
    }
    out.append('\n').append(title).append(':');
    for (int i = 0; i < attributes.size(); i++) {
      String key = attributes.key(i);
      out.append("\n     -> ").append(key).append(": ");
      value(key, attributes, i);
    }
  }

  /** Writes a text that may be content. */
  void text(String key, String text) {
    if (!content && !text.isEmpty() && ContentGuard.hides(key, text)) {
      out.append('<').append(text.length()).append(" characters>");
    } else {
      out.append(text);
    }
  }

  /** Writes a value; each text in it as under the key. */
  void value(String key, WireValues values, int i) {
    switch (values.type(i)) {
      case STRING -> {
        out.append("Str(");
        text(key, values.stringValue(i));
        out.append(')');
      }
      case BOOL -> out.append("Bool(").append(values.boolValue(i)).append(')');
      case INT -> out.append("Int(").append(values.longValue(i)).append(')');
      case DOUBLE -> out.append("Double(").append(values.doubleValue(i)).append(')');
      case BYTES -> {
        byte[] bytes = values.bytesValue(i);
        out.append("Bytes(");
        if (content) {
          out.append(HexFormat.of().formatHex(bytes));
        } else {
          out.append('<').append(bytes.length).append(" bytes>");
        }
        out.append(')');
      }
      case ARRAY -> {
        WireValues array = values.arrayValue(i);
        out.append("Slice([");
        for (int j = 0; j < array.size(); j++) {
          out.append(j == 0 ? "" : ", ");
          value(key, array, j);
        }
        out.append("])");
      }
      case MAP -> {
        WireAttributes map = values.mapValue(i);
        out.append("Map({");
        for (int j = 0; j < map.size(); j++) {
          out.append(j == 0 ? "" : ", ").append(map.key(j)).append(": ");
          value(ContentGuard.isContent(key) ? key : map.key(j), map, j);
        }
        out.append("})");
      }
      case NONE -> out.append("Empty()");
    }
  }
}
