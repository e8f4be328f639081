package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.edit.Condition.Context;
import dev.tallyspan.collector.edit.ConditionPaths.Path;
import dev.tallyspan.collector.edit.ConditionToken.Type;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parses the values in conditions and statements. */
final class ValueParser {

  /*
   *   value      = string | number | "true" | "false" | "nil" | enum | (function | path) { index }
   *   function   = Name "(" [ argument { "," argument } ] ")"
   *   argument   = [ name "=" ] (value | list | Name)
   *   list       = "[" [ value { "," value } ] "]"
   *   path       = name { "." name } [ "[" string "]" ]
   *   index      = "[" (string | number) "]"
   */

  private final Tokens tokens;
  private final Context item;
  private final Context context;

  /**
   * @param item what the values are read from
   * @param context of paths without a prefix
   */
  ValueParser(Tokens tokens, Context item, Context context) {
    this.tokens = tokens;
    this.item = item;
    this.context = context;
  }

  Expression value() {
    ConditionToken token = tokens.peek();
    switch (token.type()) {
      case STRING -> {
        return constant(tokens.take().text());
      }
      case NUMBER -> {
        return constant(number(tokens.take()));
      }
      case NAME -> {
        if (token.text().equals("true") || token.text().equals("false")) {
          return constant(tokens.take().text().equals("true"));
        }
        if (tokens.takes(Type.NAME, "nil")) {
          return constant(null);
        }
        Long number = ConditionPaths.number(token.text());
        if (number != null) {
          tokens.take();
          return constant(number);
        }
        return indexed(tokens.isCall() ? function() : path().value());
      }
      default -> throw tokens.fault("expected a value, not " + Tokens.shown(token));
    }
  }

  private static Expression constant(@Nullable Object value) {
    return new Expression.Constant(value);
  }

  private static Object number(ConditionToken token) {
    try {
      return token.text().matches("[+-]?[0-9]+")
          ? (Object) Long.parseLong(token.text())
          : Double.parseDouble(token.text());
    } catch (NumberFormatException e) {
      throw ConditionToken.fault(token.at(), token.text() + " has more than 64 bits");
    }
  }

  /** Returns a field that is there. */
  Path path() {
    ConditionToken first = tokens.peek();
    List<String> path = new ArrayList<>();
    do {
      path.add(tokens.take(Type.NAME, "a name").text());
    } while (tokens.takes(Type.SYMBOL, "."));
    String key = null;
    if (tokens.takes(Type.SYMBOL, "[")) {
      key = tokens.take(Type.STRING, "a key in quotes").text();
      tokens.expect("]");
    }
    Path found = ConditionPaths.find(path, key, item, context);
    if (found == null) {
      throw ConditionToken.fault(
          first.at(),
          String.join(".", path)
              + (key == null ? "" : "[\"" + key + "\"]")
              + " is not supported"
              + Tokens.INSTEAD);
    }
    return found;
  }

  private Expression function() {
    ConditionToken name = tokens.take();
    tokens.enter();
    Expression value = Converters.of(name, arguments(name), item);
    tokens.leave();
    return value;
  }

  /** Parses what follows the name of a function. */
  Arguments arguments(ConditionToken function) {
    tokens.expect("(");
    List<Arguments.Argument> arguments = new ArrayList<>();
    Map<String, Arguments.Argument> named = new LinkedHashMap<>();
    while (!tokens.takes(Type.SYMBOL, ")")) {
      if (!arguments.isEmpty() || !named.isEmpty()) {
        tokens.expect(",");
      }
      if (tokens.isNameBefore("=")) {
        String name = tokens.take().text();
        tokens.expect("=");
        named.put(name, argument());
      } else {
        arguments.add(argument());
      }
    }
    return new Arguments(function, arguments, named);
  }

  private Arguments.Argument argument() {
    ConditionToken first = tokens.peek();
    if (tokens.takes(Type.SYMBOL, "[")) {
      List<Expression> list = new ArrayList<>();
      while (!tokens.takes(Type.SYMBOL, "]")) {
        if (!list.isEmpty()) {
          tokens.expect(",");
        }
        list.add(value());
      }
      return Arguments.Argument.list(first, list);
    }
    if (Converters.isHash(first.text()) && (tokens.isNameBefore(",") || tokens.isNameBefore(")"))) {
      return Arguments.Argument.function(tokens.take());
    }
    boolean isPath =
        first.type() == Type.NAME
            && !tokens.isCall()
            && ConditionPaths.number(first.text()) == null
            && !List.of("true", "false", "nil").contains(first.text());
    if (!isPath) {
      return Arguments.Argument.value(first, value());
    }
    Path path = path();
    boolean within = tokens.peek().is(Type.SYMBOL, "[");
    return Arguments.Argument.path(first, indexed(path.value()), within ? null : path);
  }

  /** Reads what is within a list or map, if that is what follows. */
  private Expression indexed(Expression whole) {
    Expression value = whole;
    while (tokens.takes(Type.SYMBOL, "[")) {
      ConditionToken index = tokens.take();
      if (index.type() != Type.STRING && !index.text().matches("[0-9]{1,9}")) {
        throw ConditionToken.fault(
            index.at(), "expected a key in quotes or an index, not " + Tokens.shown(index));
      }
      tokens.expect("]");
      Expression outer = value;
      value =
          index.type() == Type.STRING
              ? subject -> member(outer.of(subject), index.text())
              : subject -> element(outer.of(subject), Integer.parseInt(index.text()));
    }
    return value;
  }

  private static @Nullable Object member(@Nullable Object map, String key) {
    if (map instanceof Value<?> value && value.getValue() instanceof List<?> list) {
      for (Object entry : list) {
        if (entry instanceof KeyValue keyValue && keyValue.getKey().equals(key)) {
          return ConditionPaths.plain(keyValue.getValue());
        }
      }
    }
    return null;
  }

  private static @Nullable Object element(@Nullable Object list, int index) {
    return list instanceof Value<?> value
            && value.getValue() instanceof List<?> elements
            && index < elements.size()
            && elements.get(index) instanceof Value<?> element
        ? ConditionPaths.plain(element)
        : null;
  }
}
