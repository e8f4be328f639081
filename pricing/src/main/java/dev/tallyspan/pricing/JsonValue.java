package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON value that remembers the line it began on. */
sealed interface JsonValue {
  int line();

  /** The kind of value, as used in error messages. */
  String kind();

  record Obj(Map<String, JsonValue> members, int line) implements JsonValue {
    @Override
    public String kind() {
      return "an object";
    }

    @Nullable JsonValue get(String name) {
      return members.get(name);
    }
  }

  record Arr(List<JsonValue> elements, int line) implements JsonValue {
    @Override
    public String kind() {
      return "an array";
    }
  }

  record Str(String text, int line) implements JsonValue {
    @Override
    public String kind() {
      return "a string";
    }
  }

  /** A number as written; decimals are never converted to a double. */
  record Num(String text, int line) implements JsonValue {
    @Override
    public String kind() {
      return "a number";
    }

    BigDecimal value() {
      return new BigDecimal(text);
    }
  }

  record Bool(boolean value, int line) implements JsonValue {
    @Override
    public String kind() {
      return "a boolean";
    }
  }

  record Null(int line) implements JsonValue {
    @Override
    public String kind() {
      return "null";
    }
  }
}
