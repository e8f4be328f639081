package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.edit.ConditionPaths.Path;
import dev.tallyspan.collector.edit.ConditionToken.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of a function, taken by their place or their name. Not thread-safe. */
final class Arguments {

  /**
   * An argument.
   *
   * @param first its first word
   * @param value null for a list and for the name of a function
   * @param path null if it is not a field, or is within one
   * @param list null if it is not a list
   */
  record Argument(
      ConditionToken first,
      @Nullable Expression value,
      @Nullable Path path,
      @Nullable List<Expression> list) {

    static Argument value(ConditionToken first, Expression value) {
      return new Argument(first, value, null, null);
    }

    static Argument path(ConditionToken first, Expression value, @Nullable Path path) {
      return new Argument(first, value, path, null);
    }

    static Argument list(ConditionToken first, List<Expression> list) {
      return new Argument(first, null, null, List.copyOf(list));
    }

    static Argument function(ConditionToken name) {
      return new Argument(name, null, null, null);
    }

    IllegalArgumentException fault(String message) {
      return ConditionToken.fault(first.at(), message);
    }
  }

  private final ConditionToken function;
  private final List<Argument> positional;
  private final Map<String, Argument> named;
  private int next;

  Arguments(ConditionToken function, List<Argument> positional, Map<String, Argument> named) {
    this.function = function;
    this.positional = List.copyOf(positional);
    this.named = named;
  }

  /** The name of the function. */
  String name() {
    return function.text();
  }

  /** Returns null if there is no more. */
  private @Nullable Argument optional(String name) {
    Argument argument = named.remove(name);
    if (argument != null) {
      return argument;
    }
    return next < positional.size() ? positional.get(next++) : null;
  }

  private Argument argument(String name) {
    Argument argument = optional(name);
    if (argument == null) {
      throw ConditionToken.fault(function.at(), name() + " needs the argument " + name);
    }
    return argument;
  }

  /** Returns a value. */
  Expression value(String name) {
    return value(argument(name));
  }

  /** Returns a value; null if there is none. */
  @Nullable Expression optionalValue(String name) {
    Argument argument = optional(name);
    return argument == null ? null : value(argument);
  }

  private static Expression value(Argument argument) {
    Expression value = argument.value();
    if (value == null) {
      throw argument.fault("expected a value, not " + argument.first().text());
    }
    return value;
  }

  /** Returns a field to change. */
  Argument target() {
    Argument argument = argument("target");
    if (argument.path() == null) {
      throw argument.fault(
          argument.first().type() == Type.NAME && argument.value() != null
              ? "only whole attributes can be changed, not values within them" + Tokens.INSTEAD
              : "expected a field to change, not " + argument.first().text());
    }
    return argument;
  }

  /** Returns a text that is the same for all subjects. */
  String text(String name) {
    return constant(argument(name), String.class, "a string");
  }

  /** Returns a whole number that is the same for all subjects, and not negative. */
  int number(String name) {
    Argument argument = argument(name);
    long number = constant(argument, Long.class, "a whole number");
    if (number < 0 || number > Integer.MAX_VALUE) {
      throw argument.fault("expected a whole number from 0, not " + number);
    }
    return (int) number;
  }

  /** Returns a regular expression. */
  GoRegex regex(String name) {
    Argument argument = argument(name);
    String text = constant(argument, String.class, "a string with a regular expression");
    try {
      return GoRegex.compile(text);
    } catch (IllegalArgumentException e) {
      throw argument.fault(String.valueOf(e.getMessage()));
    }
  }

  /** Returns texts that are the same for all subjects; empty if there is no such argument. */
  List<String> texts(String name) {
    Argument argument = optional(name);
    if (argument == null) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (Expression element : list(argument)) {
      if (!(constant(element) instanceof String text)) {
        throw argument.fault("expected a list of strings");
      }
      texts.add(text);
    }
    return texts;
  }

  /** Returns a list. */
  List<Expression> list(String name) {
    return list(argument(name));
  }

  private static List<Expression> list(Argument argument) {
    List<Expression> list = argument.list();
    if (list == null) {
      throw argument.fault("expected a list, not " + argument.first().text());
    }
    return list;
  }

  /** Returns the name of a function; null if there is no such argument. */
  @Nullable ConditionToken function(String name) {
    Argument argument = optional(name);
    if (argument == null) {
      return null;
    }
    if (argument.value() != null || argument.list() != null) {
      throw argument.fault("expected the name of a function such as SHA256");
    }
    return argument.first();
  }

  /** Returns a text that is the same for all subjects; null if there is no such argument. */
  @Nullable String optionalText(String name) {
    Argument argument = optional(name);
    return argument == null ? null : constant(argument, String.class, "a string");
  }

  /** Reports arguments that were not taken. */
  void end() {
    if (next < positional.size()) {
      throw positional.get(next).fault(name() + " has no such argument");
    }
    named.forEach(
        (name, argument) -> {
          throw argument.fault(name() + " has no argument " + name);
        });
  }

  IllegalArgumentException fault(String message) {
    return ConditionToken.fault(function.at(), message);
  }

  private static <T> T constant(Argument argument, Class<T> type, String what) {
    Expression value = argument.value();
    Object constant = value == null ? null : constant(value);
    if (!type.isInstance(constant)) {
      throw argument.fault("expected " + what + ", not " + Tokens.shown(argument.first()));
    }
    return type.cast(constant);
  }

  /** Returns null if the value is not a constant. */
  private static @Nullable Object constant(Expression value) {
    return value instanceof Expression.Constant constant ? constant.value() : null;
  }
}
