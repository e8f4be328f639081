package dev.tallyspan.pricing.internal;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON value that remembers the line it began on. */
public sealed interface JsonValue {
  /** The line that the value began on; the first is 1. */
  int line();

  /** The kind of value, as used in error messages. */
  String kind();

  /** An object, with its members in the order of the text. */
  record Obj(Map<String, JsonValue> members, int line) implements JsonValue {
    @Override
    public String kind() {
      return "an object";
    }

    /** Returns a member, or null. */
    public @Nullable JsonValue get(String name) {
      return members.get(name);
    }
  }

  /** An array. */
  record Arr(List<JsonValue> elements, int line) implements JsonValue {
    @Override
    public String kind() {
      return "an array";
    }
  }

  /** A string. */
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

    /** Returns the exact value. */
    public BigDecimal value() {
      return new BigDecimal(text);
    }
  }

  /** A boolean. */
  record Bool(boolean value, int line) implements JsonValue {
    @Override
    public String kind() {
      return "a boolean";
    }
  }

  /** The literal {@code null}. */
  record Null(int line) implements JsonValue {
    @Override
    public String kind() {
      return "null";
    }
  }
}
