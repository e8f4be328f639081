package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.edit.Condition.Context;
import dev.tallyspan.collector.edit.ConditionPaths.Field;
import dev.tallyspan.collector.edit.ConditionToken.Type;
import dev.tallyspan.collector.wire.WireItem;
import dev.tallyspan.collector.wire.WireSpan;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Parses one condition. Used once. */
final class ConditionParser {

  /*
   *   or         = and { "or" and }
   *   and        = not { "and" not }
   *   not        = [ "not" ] primary
   *   primary    = "(" or ")" | function | value [ comparison value ]
   *   function   = Name "(" [ value { "," value } ] ")"
   *   value      = string | number | "true" | "false" | "nil" | enum | path
   *   path       = name { "." name } [ "[" string "]" ]
   */

  private static final int DEEPEST = 50;
  private static final String INSTEAD = "; keep a Collector beside Tallyspan for it";

  private final List<ConditionToken> tokens;
  private final Context item;
  private final Context context;
  private int next;
  private int depth;

  ConditionParser(String text, Context item, Context context) {
    this.tokens = ConditionToken.of(text);
    this.item = item;
    this.context = context;
  }

  /**
   * @throws IllegalArgumentException if the condition is not valid or not supported
   */
  Predicate<WireItem> parse() {
    Predicate<WireItem> condition = or();
    if (peek().type() != Type.END) {
      throw fault("expected and, or, or the end, not " + shown(peek()));
    }
    return condition;
  }

  private Predicate<WireItem> or() {
    if (++depth > DEEPEST) {
      throw fault("nested deeper than " + DEEPEST + " levels");
    }
    Predicate<WireItem> left = and();
    while (takes(Type.NAME, "or")) {
      left = left.or(and());
    }
    depth--;
    return left;
  }

  private Predicate<WireItem> and() {
    Predicate<WireItem> left = not();
    while (takes(Type.NAME, "and")) {
      left = left.and(not());
    }
    return left;
  }

  private Predicate<WireItem> not() {
    return takes(Type.NAME, "not") ? primary().negate() : primary();
  }

  private Predicate<WireItem> primary() {
    if (takes(Type.SYMBOL, "(")) {
      Predicate<WireItem> inner = or();
      expect(")");
      return inner;
    }
    if (peek().type() == Type.NAME && tokens.get(next + 1).is(Type.SYMBOL, "(")) {
      return function();
    }
    Field left = value();
    Comparison comparison = peek().type() == Type.SYMBOL ? Comparison.of(peek().text()) : null;
    if (comparison == null) {
      return found -> Boolean.TRUE.equals(left.apply(found));
    }
    next++;
    Field right = value();
    return found -> comparison.holds(left.apply(found), right.apply(found));
  }

  private Predicate<WireItem> function() {
    ConditionToken name = tokens.get(next);
    next += 2;
    switch (name.text()) {
      case "IsMatch" -> {
        Field target = value();
        expect(",");
        GoRegex regex = regex();
        expect(")");
        return found -> {
          String text = text(target.apply(found));
          return text != null && regex.matches(text);
        };
      }
      case "HasPrefix", "HasSuffix" -> {
        Field target = value();
        expect(",");
        String affix = take(Type.STRING, "a string").text();
        expect(")");
        boolean prefix = name.text().equals("HasPrefix");
        return found ->
            target.apply(found) instanceof String text
                && (prefix ? text.startsWith(affix) : text.endsWith(affix));
      }
      case "IsRootSpan" -> {
        expect(")");
        if (item != Context.SPAN) {
          throw ConditionToken.fault(name.at(), "IsRootSpan is for spans");
        }
        return found -> ((WireSpan) found).parentSpanId().replace("0", "").isEmpty();
      }
      default ->
          throw ConditionToken.fault(
              name.at(), "the function " + name.text() + " is not supported" + INSTEAD);
    }
  }

  private GoRegex regex() {
    ConditionToken pattern = take(Type.STRING, "a string with a regular expression");
    try {
      return GoRegex.compile(pattern.text());
    } catch (IllegalArgumentException e) {
      throw ConditionToken.fault(pattern.at(), String.valueOf(e.getMessage()));
    }
  }

  /** Returns null for nil. */
  private static @Nullable String text(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    if (value instanceof String text) {
      return text;
    }
    return value instanceof Double number
        ? Conversion.text(Value.of(number))
        : value instanceof Value<?> other ? Conversion.text(other) : value.toString();
  }

  private Field value() {
    ConditionToken token = peek();
    switch (token.type()) {
      case STRING -> {
        next++;
        return constant(token.text());
      }
      case NUMBER -> {
        next++;
        return constant(number(token));
      }
      case NAME -> {
        if (token.text().equals("true") || token.text().equals("false")) {
          next++;
          return constant(token.text().equals("true"));
        }
        if (takes(Type.NAME, "nil")) {
          return constant(null);
        }
        Long number = ConditionPaths.number(token.text());
        if (number != null) {
          next++;
          return constant(number);
        }
        if (tokens.get(next + 1).is(Type.SYMBOL, "(")) {
          throw fault("the function " + token.text() + " is not supported here" + INSTEAD);
        }
        return path();
      }
      default -> throw fault("expected a value, not " + shown(token));
    }
  }

  private static Field constant(@Nullable Object value) {
    return found -> value;
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

  private Field path() {
    ConditionToken first = peek();
    List<String> path = new ArrayList<>();
    do {
      path.add(take(Type.NAME, "a name").text());
    } while (takes(Type.SYMBOL, "."));
    String key = null;
    if (takes(Type.SYMBOL, "[")) {
      key = take(Type.STRING, "a key in quotes").text();
      expect("]");
      if (peek().is(Type.SYMBOL, "[")) {
        throw fault("values within maps and arrays are not supported" + INSTEAD);
      }
    }
    Field field = ConditionPaths.find(path, key, item, context);
    if (field == null) {
      throw ConditionToken.fault(
          first.at(),
          String.join(".", path)
              + (key == null ? "" : "[\"" + key + "\"]")
              + " is not supported"
              + INSTEAD);
    }
    return field;
  }

  private ConditionToken peek() {
    return tokens.get(next);
  }

  private boolean takes(Type type, String word) {
    boolean is = peek().is(type, word);
    next += is ? 1 : 0;
    return is;
  }

  private ConditionToken take(Type type, String what) {
    if (peek().type() != type) {
      throw fault("expected " + what + ", not " + shown(peek()));
    }
    return tokens.get(next++);
  }

  private void expect(String symbol) {
    if (!takes(Type.SYMBOL, symbol)) {
      throw fault("expected " + symbol + ", not " + shown(peek()));
    }
  }

  private static String shown(ConditionToken token) {
    return token.type() == Type.END ? "the end" : token.text();
  }

  private IllegalArgumentException fault(String message) {
    return ConditionToken.fault(peek().at(), message);
  }
}
