package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.edit.Condition.Context;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The functions that return a value.
 *
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/pkg/ottl/ottlfuncs">Collector,
 *     OTTL functions</a>
 */
final class Converters {

  /** Those of one text, by name. */
  private static final Map<String, UnaryOperator<String>> OF_TEXT =
      Map.of(
          "SHA256", text -> Conversion.digest("SHA-256", text),
          "SHA1", text -> Conversion.digest("SHA-1", text),
          "SHA512", text -> Conversion.digest("SHA-512", text),
          "MD5", text -> Conversion.digest("MD5", text),
          "ToLowerCase", text -> text.toLowerCase(Locale.ROOT),
          "ToUpperCase", text -> text.toUpperCase(Locale.ROOT));

  /** Those of one value, by name. */
  private static final Map<String, Function<@Nullable Object, @Nullable Object>> OF_ANY =
      Map.ofEntries(
          Map.entry("IsString", value -> value instanceof String),
          Map.entry("IsInt", value -> value instanceof Long),
          Map.entry("IsDouble", value -> value instanceof Double),
          Map.entry("IsBool", value -> value instanceof Boolean),
          Map.entry("IsMap", value -> is(value, ValueType.KEY_VALUE_LIST)),
          Map.entry("IsList", value -> is(value, ValueType.ARRAY)),
          Map.entry("String", Values::text),
          Map.entry("Int", value -> converted(value, Conversion::toInt)),
          Map.entry("Double", value -> converted(value, Conversion::toDouble)),
          Map.entry("Bool", Converters::bool),
          Map.entry("Len", Converters::length));

  private Converters() {}

  /** Whether a function can be given to those that replace. */
  static boolean isHash(String name) {
    return OF_TEXT.containsKey(name);
  }

  static UnaryOperator<String> hash(ConditionToken name) {
    UnaryOperator<String> hash = OF_TEXT.get(name.text());
    if (hash == null) {
      throw unknown(name);
    }
    return hash;
  }

  private static IllegalArgumentException unknown(ConditionToken name) {
    return ConditionToken.fault(
        name.at(), "the function " + name.text() + " is not supported" + Tokens.INSTEAD);
  }

  /**
   * @throws IllegalArgumentException if there is no such function, or it cannot have these
   *     arguments
   */
  static Expression of(ConditionToken name, Arguments arguments, Context item) {
    UnaryOperator<String> ofText = OF_TEXT.get(name.text());
    Function<@Nullable Object, @Nullable Object> ofAny = OF_ANY.get(name.text());
    Expression expression;
    if (ofText != null) {
      Expression target = arguments.value("target");
      expression =
          subject -> {
            Object value = target.of(subject);
            return value == null ? null : ofText.apply(Values.string(value, name.text()));
          };
    } else if (ofAny != null) {
      Expression target = arguments.value("target");
      expression = subject -> ofAny.apply(target.of(subject));
    } else {
      expression = special(name, arguments, item);
    }
    arguments.end();
    return expression;
  }

  private static Expression special(ConditionToken name, Arguments arguments, Context item) {
    return switch (name.text()) {
      case "IsMatch" -> isMatch(arguments);
      case "HasPrefix" -> affix(arguments, "prefix", String::startsWith);
      case "HasSuffix" -> affix(arguments, "suffix", String::endsWith);
      case "IsRootSpan" -> {
        if (item != Context.SPAN && item != Context.EVENT) {
          throw arguments.fault("IsRootSpan is for spans");
        }
        yield subject -> subject.span().parentSpanId().replace("0", "").isEmpty();
      }
      case "Concat" -> concat(arguments);
      case "ConvertCase" -> convertCase(arguments);
      case "Substring" -> substring(arguments);
      case "Trim" -> {
        Expression target = arguments.value("target");
        String trimmed = arguments.optionalText("replacement");
        String characters = trimmed == null ? " " : trimmed;
        yield subject -> trim(target.of(subject), characters);
      }
      case "Split" -> {
        Expression target = arguments.value("target");
        String delimiter = arguments.text("delimiter");
        yield subject -> split(target.of(subject), delimiter);
      }
      case "ExtractPatterns" -> extractPatterns(arguments);
      default -> throw unknown(name);
    };
  }

  private static Expression isMatch(Arguments arguments) {
    Expression target = arguments.value("target");
    GoRegex regex = arguments.regex("pattern");
    return subject -> {
      String text = Values.text(target.of(subject));
      return text != null && regex.matches(text);
    };
  }

  private interface Affix {
    boolean has(String text, String affix);
  }

  private static Expression affix(Arguments arguments, String name, Affix affix) {
    Expression target = arguments.value("target");
    String text = arguments.text(name);
    return subject -> target.of(subject) instanceof String value && affix.has(value, text);
  }

  private static Expression concat(Arguments arguments) {
    List<Expression> values = arguments.list("values");
    String delimiter = arguments.text("delimiter");
    return subject -> {
      List<String> texts = new ArrayList<>();
      for (Expression value : values) {
        String text = Values.text(value.of(subject));
        // What the Collector writes for a value that is missing.
        texts.add(text == null ? "<nil>" : text);
      }
      return String.join(delimiter, texts);
    };
  }

  private static Expression convertCase(Arguments arguments) {
    Expression target = arguments.value("target");
    String to = arguments.text("toCase");
    if (!to.equals("lower") && !to.equals("upper")) {
      throw arguments.fault("ConvertCase is supported for \"lower\" and \"upper\"");
    }
    UnaryOperator<String> convert =
        to.equals("lower")
            ? text -> text.toLowerCase(Locale.ROOT)
            : text -> text.toUpperCase(Locale.ROOT);
    return subject -> {
      Object value = target.of(subject);
      return value == null ? null : convert.apply(Values.string(value, "ConvertCase"));
    };
  }

  private static Expression substring(Arguments arguments) {
    Expression target = arguments.value("target");
    int start = arguments.number("start");
    int length = arguments.number("length");
    return subject -> {
      Object value = target.of(subject);
      if (value == null) {
        return null;
      }
      String text = Values.string(value, "Substring");
      if ((long) start + length > text.length()) {
        throw new IllegalArgumentException("Substring: the text is shorter");
      }
      return text.substring(start, start + length);
    };
  }

  private static @Nullable Object trim(@Nullable Object value, String characters) {
    if (value == null) {
      return null;
    }
    String text = Values.string(value, "Trim");
    int start = 0;
    int end = text.length();
    while (start < end && characters.indexOf(text.charAt(start)) >= 0) {
      start++;
    }
    while (end > start && characters.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(start, end);
  }

  private static @Nullable Object split(@Nullable Object value, String delimiter) {
    if (value == null) {
      return null;
    }
    String text = Values.string(value, "Split");
    List<Value<?>> parts = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(delimiter);
        at >= 0 && !delimiter.isEmpty();
        at = text.indexOf(delimiter, from)) {
      parts.add(Value.of(text.substring(from, at)));
      from = at + delimiter.length();
    }
    parts.add(Value.of(text.substring(from)));
    return Value.of(parts);
  }

  private static Expression extractPatterns(Arguments arguments) {
    Expression target = arguments.value("target");
    GoRegex pattern = arguments.regex("pattern");
    if (pattern.names().stream().allMatch(String::isEmpty)) {
      throw arguments.fault("ExtractPatterns needs a group with a name, as in (?P<name>.*)");
    }
    return subject -> {
      Object value = target.of(subject);
      List<String> groups =
          value == null ? null : pattern.groups(Values.string(value, "ExtractPatterns"));
      List<KeyValue> found = new ArrayList<>();
      for (int i = 0; groups != null && i < groups.size(); i++) {
        if (!pattern.names().get(i).isEmpty()) {
          found.add(KeyValue.of(pattern.names().get(i), Value.of(groups.get(i))));
        }
      }
      return Value.of(found.toArray(KeyValue[]::new));
    };
  }

  private static boolean is(@Nullable Object value, ValueType type) {
    return value instanceof Value<?> other && other.getType() == type;
  }

  private interface Convert {
    @Nullable Value<?> of(Value<?> value);
  }

  private static @Nullable Object converted(@Nullable Object value, Convert convert) {
    return value == null ? null : ConditionPaths.plain(convert.of(Values.of(value)));
  }

  private static @Nullable Object bool(@Nullable Object value) {
    if (value instanceof Number number) {
      return number.doubleValue() != 0;
    }
    if (value instanceof String text) {
      boolean yes = List.of("1", "t", "T", "true", "TRUE", "True").contains(text);
      return yes || List.of("0", "f", "F", "false", "FALSE", "False").contains(text) ? yes : null;
    }
    return value instanceof Boolean ? value : null;
  }

  private static @Nullable Object length(@Nullable Object value) {
    if (value instanceof String text) {
      return Values.utf8(text);
    }
    return value instanceof Value<?> other && other.getValue() instanceof List<?> list
        ? (Object) (long) list.size()
        : null;
  }
}
