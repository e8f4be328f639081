package dev.tallyspan.collector.output.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON as trees of maps, lists, texts, numbers, booleans and null. Numbers keep every digit. What
 * is missing or of another type reads as empty, because senders write anything.
 */
final class Json {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNestingDepth(500)
                  .build())
          .build();

  private Json() {}

  /**
   * @throws IOException if it is not one JSON value
   */
  static @Nullable Object parse(byte[] json) throws IOException {
    try (JsonParser parser = FACTORY.createParser(json)) {
      return whole(parser);
    }
  }

  /** Whether a text is one JSON value. */
  static boolean isJson(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      whole(parser);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static @Nullable Object whole(JsonParser parser) throws IOException {
    if (parser.nextToken() == null) {
      throw new IOException("no JSON value");
    }
    Object value = value(parser);
    if (parser.nextToken() != null) {
      throw new IOException("more than one JSON value");
    }
    return value;
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          Object member = value(parser);
          object.putIfAbsent(name, member);
        }
        yield object;
      }
      case START_ARRAY -> {
        List<@Nullable Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(parser));
        }
        yield array;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getNumberValue();
      case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  static byte[] bytes(@Nullable Object tree) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.setCharacterEscapes(LineEnds.INSTANCE);
      write(tree, json);
    } catch (IOException e) {
      throw new IllegalStateException(e); // Written in memory.
    }
    return out.toByteArray();
  }

  static String text(@Nullable Object tree) {
    return new String(bytes(tree), UTF_8);
  }

  private static void write(@Nullable Object tree, JsonGenerator json) throws IOException {
    if (tree instanceof Map<?, ?> object) {
      json.writeStartObject();
      for (Map.Entry<?, ?> member : object.entrySet()) {
        json.writeFieldName(mended((String) member.getKey()));
        write(member.getValue(), json);
      }
      json.writeEndObject();
    } else if (tree instanceof List<?> array) {
      json.writeStartArray();
      for (Object element : array) {
        write(element, json);
      }
      json.writeEndArray();
    } else if (tree instanceof String text) {
      json.writeString(mended(text));
    } else if (tree instanceof BigDecimal number) {
      json.writeNumber(number);
    } else if (tree instanceof BigInteger number) {
      json.writeNumber(number);
    } else if (tree instanceof Number number) {
      json.writeNumber(number.longValue());
    } else if (tree instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else {
      json.writeNull();
    }
  }

  /**
   * Replaces halves of surrogate pairs, which an escape in JSON can write and UTF-8 cannot, and
   * NUL, which databases refuse.
   */
  private static String mended(String text) {
    StringBuilder mended = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != 0 && !Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      mended = mended == null ? new StringBuilder(text) : mended;
      mended.setCharAt(i, '\ufffd');
    }
    return mended == null ? text : mended.toString();
  }

  /**
   * Returns the SHA-256 of a tree, the same for trees that mean the same: members in any order,
   * numbers however they are written.
   */
  static String digest(@Nullable Object tree) {
    return sha256(bytes(sorted(tree)));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java has it.
    }
  }

  private static @Nullable Object sorted(@Nullable Object tree) {
    if (tree instanceof Map<?, ?> object) {
      Map<String, @Nullable Object> sorted = new TreeMap<>();
      object.forEach((name, value) -> sorted.put((String) name, sorted(value)));
      return sorted;
    }
    if (tree instanceof List<?> array) {
      List<@Nullable Object> sorted = new ArrayList<>(array.size());
      array.forEach(element -> sorted.add(sorted(element)));
      return sorted;
    }
    if (tree instanceof Number number) {
      // As a text: 1e999999 as a plain number would fill the memory.
      BigDecimal exact = new BigDecimal(number.toString());
      return exact.signum() == 0 ? "0" : exact.stripTrailingZeros().toString();
    }
    return tree;
  }

  /** Returns the tree as an object; empty if it is none. */
  static Map<String, @Nullable Object> object(@Nullable Object tree) {
    if (!(tree instanceof Map<?, ?> map)) {
      return Map.of();
    }
    @SuppressWarnings("unchecked") // Only this class makes maps of JSON.
    Map<String, @Nullable Object> object = (Map<String, @Nullable Object>) map;
    return object;
  }

  /** Returns the member as an object; empty if it is none. */
  static Map<String, @Nullable Object> object(Map<String, @Nullable Object> parent, String name) {
    return object(parent.get(name));
  }

  /** Returns the tree as a list; empty if it is none. */
  static List<@Nullable Object> list(@Nullable Object tree) {
    if (!(tree instanceof List<?> array)) {
      return List.of();
    }
    @SuppressWarnings("unchecked") // A list of anything.
    List<@Nullable Object> list = (List<@Nullable Object>) array;
    return list;
  }

  /** Returns the objects in the member, if it is a list. */
  static List<Map<String, @Nullable Object>> objects(
      Map<String, @Nullable Object> parent, String name) {
    List<Map<String, @Nullable Object>> objects = new ArrayList<>();
    for (Object element : list(parent.get(name))) {
      if (element instanceof Map) {
        objects.add(object(element));
      }
    }
    return objects;
  }

  /** Returns the member as a text; empty if it is none. */
  static String text(Map<String, @Nullable Object> parent, String name) {
    return parent.get(name) instanceof String text ? text : "";
  }

  /** Returns the member as a number; 0 if it is none. */
  static long number(Map<String, @Nullable Object> parent, String name) {
    return parent.get(name) instanceof Number number ? number.longValue() : 0;
  }

  static boolean isTrue(Map<String, @Nullable Object> parent, String name) {
    return Boolean.TRUE.equals(parent.get(name));
  }

  /** Puts what is not empty. */
  static void putText(Map<String, @Nullable Object> object, String name, String text) {
    if (!text.isEmpty()) {
      object.put(name, text);
    }
  }

  /** Puts what is neither an empty map nor an empty list. */
  static void putFilled(Map<String, @Nullable Object> object, String name, @Nullable Object value) {
    boolean empty =
        value == null
            || value instanceof Map<?, ?> map && map.isEmpty()
            || value instanceof List<?> list && list.isEmpty();
    if (!empty) {
      object.put(name, value);
    }
  }

  /** Writes characters as escapes that some readers of lines take for the end of a line. */
  private static final class LineEnds extends CharacterEscapes {
    private static final long serialVersionUID = 1;
    static final LineEnds INSTANCE = new LineEnds();

    @Override
    public int[] getEscapeCodesForAscii() {
      return standardAsciiEscapesForJSON();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int c) {
      return switch (c) {
        case 0x85 -> new SerializedString("\\u0085");
        case 0x2028 -> new SerializedString("\\u2028");
        case 0x2029 -> new SerializedString("\\u2029");
        default -> null;
      };
    }
  }
}
