package dev.tallyspan.collector.scoring;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.JsonNodeFactory;
import dev.harrel.jsonschema.SimpleType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value of a JSON text, as the validator of schemas reads it.
 *
 * @param value a {@code Boolean}, {@code String}, {@code BigDecimal}, list or map; null if the type
 *     is null
 */
record SchemaNode(String pointer, SimpleType type, @Nullable Object value) implements JsonNode {

  /** Checking a value recurses. */
  private static final int DEEPEST = 100;

  /** A number with more digits or zeros is not read: its value would take memory without end. */
  private static final int MOST_DIGITS = 500;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxNumberLength(MOST_DIGITS)
                  .build())
          .build();

  static final JsonNodeFactory FACTORY =
      new JsonNodeFactory() {
        @Override
        public JsonNode wrap(Object node) {
          if (node instanceof JsonNode json) {
            return json;
          }
          throw new IllegalArgumentException("node=" + node.getClass() + ": not a node");
        }

        @Override
        public JsonNode create(String json) {
          try {
            return parse(json);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  /**
   * Reads a text that is one JSON value.
   *
   * @throws IOException if it is not
   */
  static SchemaNode parse(String text) throws IOException {
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() == null) {
        throw new IOException("empty");
      }
      SchemaNode node = read("", json);
      if (json.nextToken() != null) {
        throw new IOException("more than one value");
      }
      return node;
    }
  }

  private static SchemaNode read(String pointer, JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_NULL -> new SchemaNode(pointer, SimpleType.NULL, null);
      case VALUE_TRUE -> new SchemaNode(pointer, SimpleType.BOOLEAN, true);
      case VALUE_FALSE -> new SchemaNode(pointer, SimpleType.BOOLEAN, false);
      case VALUE_STRING -> new SchemaNode(pointer, SimpleType.STRING, json.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(pointer, json.getDecimalValue());
      case START_ARRAY -> {
        List<JsonNode> elements = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          elements.add(read(pointer + "/" + elements.size(), json));
        }
        yield new SchemaNode(pointer, SimpleType.ARRAY, elements);
      }
      case START_OBJECT -> {
        Map<String, JsonNode> members = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          json.nextToken();
          members.put(name, read(pointer + "/" + JsonNode.encodeJsonPointer(name), json));
        }
        yield new SchemaNode(pointer, SimpleType.OBJECT, members);
      }
      default -> throw new IOException("not a value");
    };
  }

  private static SchemaNode number(String pointer, BigDecimal value) throws IOException {
    if (Math.abs((long) value.scale()) > MOST_DIGITS) {
      throw new IOException("a number of too many digits");
    }
    // As the specification has it, 1.0 is an integer.
    boolean whole = value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
    return new SchemaNode(pointer, whole ? SimpleType.INTEGER : SimpleType.NUMBER, value);
  }

  @Override
  public String getJsonPointer() {
    return pointer;
  }

  @Override
  public SimpleType getNodeType() {
    return type;
  }

  @Override
  public boolean asBoolean() {
    return as(Boolean.class);
  }

  @Override
  public String asString() {
    return as(String.class);
  }

  @Override
  public BigInteger asInteger() {
    return as(BigDecimal.class).toBigInteger();
  }

  @Override
  public BigDecimal asNumber() {
    return as(BigDecimal.class);
  }

  @Override
  @SuppressWarnings("unchecked") // This class puts nothing else into a list.
  public List<JsonNode> asArray() {
    return as(List.class);
  }

  @Override
  @SuppressWarnings("unchecked") // This class puts nothing else into a map.
  public Map<String, JsonNode> asObject() {
    return as(Map.class);
  }

  private <T> T as(Class<T> wanted) {
    if (wanted.isInstance(value)) {
      return wanted.cast(value);
    }
    throw new IllegalStateException("type=" + type + ": not " + wanted.getSimpleName());
  }

  /** Contains no content. */
  @Override
  public String toString() {
    return "SchemaNode[type=" + type + "]";
  }

  @Override
  public String toPrintableString() {
    return toString();
  }
}
