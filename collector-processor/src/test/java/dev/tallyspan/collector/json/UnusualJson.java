package dev.tallyspan.collector.json;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * A message in JSON as the specification allows it and few senders write it: members in any order,
 * unknown and absent ones, numbers as strings, escapes, space. What it means is the message.
 */
final class UnusualJson {

  private static final String[] NOTHING = {"", " ", "\n\t", "  \r\n "};

  private final Random random;

  UnusualJson(Random random) {
    this.random = random;
  }

  String write(Message message) {
    List<String> members = new ArrayList<>();
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      members.add(member(field.getJsonName(), value(field, entry.getValue())));
    }
    Collections.shuffle(members, random);
    // A request with unknown names alone is rejected.
    if (!members.isEmpty() && random.nextInt(4) == 0) {
      members.add(random.nextInt(members.size() + 1), member("x-unknown", unknown(0)));
    }
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      // A member of a oneof that is null could be taken for the one that counts.
      if (field.getContainingOneof() == null
          && !message.getAllFields().containsKey(field)
          && random.nextInt(8) == 0) {
        members.add(random.nextInt(members.size() + 1), member(field.getJsonName(), "null"));
      }
    }
    return space() + "{" + String.join(",", members) + space() + "}" + space();
  }

  private String member(String name, String value) {
    return space() + text(name) + space() + ":" + space() + value + space();
  }

  private String value(FieldDescriptor field, Object value) {
    if (!field.isRepeated()) {
      return scalar(field, value);
    }
    List<String> elements = new ArrayList<>();
    for (Object element : (List<?>) value) {
      elements.add(space() + scalar(field, element) + space());
    }
    return "[" + String.join(",", elements) + "]";
  }

  private String scalar(FieldDescriptor field, Object value) {
    return switch (field.getType()) {
      case MESSAGE -> write((Message) value);
      case STRING -> text((String) value);
      case BYTES -> bytes(field, (ByteString) value);
      case ENUM -> String.valueOf(((EnumValueDescriptor) value).getNumber());
      case BOOL -> value.toString();
      case DOUBLE -> {
        double number = (Double) value;
        yield !Double.isFinite(number) || random.nextInt(4) == 0
            ? "\"" + value + "\""
            : value.toString();
      }
      case UINT64, FIXED64 -> number(Long.toUnsignedString((Long) value));
      case UINT32, FIXED32 -> number(Integer.toUnsignedString((Integer) value));
      default -> number(value.toString());
    };
  }

  private String number(String digits) {
    return random.nextBoolean() ? "\"" + digits + "\"" : digits;
  }

  private String bytes(FieldDescriptor field, ByteString value) {
    if (field.getName().endsWith("_id")) {
      String hex = HexFormat.of().formatHex(value.toByteArray());
      return "\"" + (random.nextBoolean() ? hex.toUpperCase(Locale.ROOT) : hex) + "\"";
    }
    return "\"" + Base64.getEncoder().encodeToString(value.toByteArray()) + "\"";
  }

  private String text(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c < 0x20 || c == '"' || c == '\\' || random.nextInt(10) == 0) {
                for (char unit : Character.toChars(c)) {
                  out.append(String.format("\\u%04x", (int) unit));
                }
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.append('"').toString();
  }

  private String unknown(int depth) {
    return switch (random.nextInt(depth > 3 ? 4 : 6)) {
      case 0 -> "null";
      case 1 -> "-1.5e3";
      case 2 -> "true";
      case 3 -> text("traceId");
      case 4 -> "[" + unknown(depth + 1) + "," + unknown(depth + 1) + "]";
      default -> "{" + member("spans", unknown(depth + 1)) + "}";
    };
  }

  private String space() {
    return random.nextInt(4) > 0 ? "" : NOTHING[random.nextInt(NOTHING.length)];
  }
}
