package dev.tallyspan.collector.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON as maps, lists, texts, decimals, booleans and null. Two trees are equal where the JSON is:
 * the order of members does not matter, nor whether a number is written 14 or 14.0.
 */
public final class JsonTree {

  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonTree() {}

  static Object read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a text holds, if it is a JSON object, array or string; else the text itself. */
  static Object open(String text) {
    try {
      String stripped = text.strip();
      return stripped.startsWith("{") || stripped.startsWith("[") || stripped.startsWith("\"")
          ? parse(stripped)
          : text;
    } catch (IOException e) {
      return text;
    }
  }

  /** The same tree; but where it is a text that holds JSON, that. */
  static Object opened(Object tree) {
    return tree instanceof String text ? open(text) : tree;
  }

  static Object number(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  static Map<?, ?> map(Object tree) {
    return tree instanceof Map<?, ?> map ? map : Map.of();
  }

  static List<?> list(Object tree) {
    return tree instanceof List<?> list ? list : List.of();
  }

  static List<String> texts(Object tree) {
    return list(tree).stream().map(String.class::cast).toList();
  }

  static String text(Map<?, ?> object, String name) {
    return (String) object.get(name);
  }

  static boolean isTrue(Map<?, ?> object, String name) {
    return Boolean.TRUE.equals(object.get(name));
  }

  public static Object parse(String text) throws IOException {
    try (JsonParser json = FACTORY.createParser(text)) {
      json.nextToken();
      Object value = value(json);
      if (json.nextToken() != null) {
        throw new JsonProcessingException("more than one value") {};
      }
      return value;
    }
  }

  private static Object value(JsonParser json) throws IOException {
    JsonToken token = json.currentToken();
    if (token == null) {
      throw new JsonProcessingException("no value") {};
    }
    switch (token) {
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
          String name = json.currentName();
          json.nextToken();
          map.put(name, value(json));
        }
        return map;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(json));
        }
        return list;
      }
      case VALUE_STRING -> {
        return json.getText();
      }
      case VALUE_TRUE, VALUE_FALSE -> {
        return json.getBooleanValue();
      }
      case VALUE_NULL -> {
        return null;
      }
      default -> {
        return number(json.getDecimalValue());
      }
    }
  }
}
