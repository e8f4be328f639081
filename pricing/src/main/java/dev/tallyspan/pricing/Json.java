package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON value that remembers the line it began on. */
sealed interface Json {
  int line();

  /** The kind of value, as used in error messages. */
  String kind();

  record Obj(Map<String, Json> members, int line) implements Json {
    @Override
    public String kind() {
      return "an object";
    }

    @Nullable Json get(String name) {
      return members.get(name);
    }
  }

  record Arr(List<Json> elements, int line) implements Json {
    @Override
    public String kind() {
      return "an array";
    }
  }

  record Str(String text, int line) implements Json {
    @Override
    public String kind() {
      return "a string";
    }
  }

  /** A number as written; decimals are never converted to a double. */
  record Num(String text, int line) implements Json {
    @Override
    public String kind() {
      return "a number";
    }

    BigDecimal value() {
      return new BigDecimal(text);
    }
  }

  record Bool(boolean value, int line) implements Json {
    @Override
    public String kind() {
      return "a boolean";
    }
  }

  record Null(int line) implements Json {
    @Override
    public String kind() {
      return "null";
    }
  }
}
