package dev.tallyspan.benchmarks;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The arguments of a program, each as {@code name=value}. */
public final class Arguments {

  private final Map<String, String> values = new HashMap<>();

  /**
   * @throws IllegalArgumentException if one of them has no {@code =}
   */
  public Arguments(String[] arguments) {
    for (String argument : arguments) {
      String[] pair = argument.split("=", 2);
      if (pair.length != 2) {
        throw new IllegalArgumentException(argument + ": must be name=value");
      }
      values.put(pair[0], pair[1]);
    }
  }

  /** Returns a value, each only once. */
  public String text(String name, String otherwise) {
    String value = values.remove(name);
    return value == null ? otherwise : value;
  }

  /** Returns a value, each only once. */
  public int number(String name, int otherwise) {
    String value = values.remove(name);
    return value == null ? otherwise : Integer.parseInt(value);
  }

  /**
   * Returns the constants of a list with commas, in any case; all if nothing is given and nothing
   * is the default.
   */
  public <E extends Enum<E>> List<E> list(String name, Class<E> type, String otherwise) {
    String value = text(name, otherwise);
    return value.isEmpty()
        ? List.of(type.getEnumConstants())
        : Arrays.stream(value.toUpperCase(Locale.ROOT).split(","))
            .map(constant -> Enum.valueOf(type, constant))
            .toList();
  }

  /**
   * @throws IllegalArgumentException if there are arguments that were not asked for
   */
  public void end() {
    if (!values.isEmpty()) {
      throw new IllegalArgumentException("unknown: " + values.keySet());
    }
  }
}
