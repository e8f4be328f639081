package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.edit.Condition.Context;
import dev.tallyspan.collector.edit.ConditionPaths.Path;
import dev.tallyspan.collector.edit.Editors.Edit;
import dev.tallyspan.collector.edit.Editors.Setter;
import io.opentelemetry.api.common.Value;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The functions that replace texts. */
final class Replacing {

  /*
   * These functions mask what must not leave. If an expression takes too long on a text, or more of
   * the stack than there is, the text is removed: to leave it as it is would send what the statement
   * keeps back.
   */

  /** Replaces a text. */
  private interface Replacement {
    /**
     * @throws IllegalStateException if a regular expression takes too long
     */
    String of(String text, Subject subject);
  }

  private Replacing() {}

  static Edit pattern(Arguments arguments) {
    Arguments.Argument target = arguments.target();
    return of(target, matches(arguments));
  }

  static Edit match(Arguments arguments) {
    Arguments.Argument target = arguments.target();
    return of(target, whole(arguments));
  }

  static Edit allPatterns(Arguments arguments) {
    Context of = Editors.map(arguments);
    String mode = arguments.text("mode");
    if (!mode.equals("key") && !mode.equals("value")) {
      throw arguments.fault("replace_all_patterns: the mode must be key or value");
    }
    Replacement replacement = matches(arguments);
    return mode.equals("value")
        ? values(of, replacement)
        : new Edit(
            of,
            subject -> {
              EditedAttributes attributes = subject.edited(of);
              each(
                  attributes,
                  key ->
                      rename(
                          attributes, key, replaced(attributes, key, key, replacement, subject)));
            });
  }

  static Edit allMatches(Arguments arguments) {
    return values(Editors.map(arguments), whole(arguments));
  }

  private static Edit values(Context of, Replacement replacement) {
    return new Edit(
        of,
        subject -> {
          EditedAttributes attributes = subject.edited(of);
          each(attributes, key -> value(attributes, key, replacement, subject));
        });
  }

  /** Replaces in all attributes, also in those after one that an expression takes too long on. */
  private static void each(EditedAttributes attributes, Consumer<String> replace) {
    IllegalStateException first = null;
    for (String key : attributes.keys()) {
      try {
        replace.accept(key);
      } catch (IllegalStateException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /** Replaces in one field, which must be a text. */
  private static Edit of(Arguments.Argument target, Replacement replacement) {
    Path path = target.path();
    if (path == null || path.isMap()) {
      throw target.fault("expected one attribute or a name; for all, use replace_all_patterns");
    }
    if (path.key() != null) {
      String key = path.key();
      return new Edit(
          path.of(), subject -> value(subject.edited(path.of()), key, replacement, subject));
    }
    Setter setter = Editors.setter(target, path);
    return new Edit(
        path.of(),
        subject -> {
          String text = Values.string(path.value().of(subject), path.name());
          try {
            String replaced = replacement.of(text, subject);
            if (!replaced.equals(text)) {
              setter.set(subject, replaced);
            }
          } catch (IllegalStateException e) {
            setter.set(subject, "");
            throw e;
          }
        });
  }

  private static void value(
      EditedAttributes attributes, String key, Replacement replacement, Subject subject) {
    Value<?> value = attributes.get(key);
    if (value != null && value.getValue() instanceof String text) {
      String replaced = replaced(attributes, key, text, replacement, subject);
      if (!replaced.equals(text)) {
        attributes.set(key, Value.of(replaced));
      }
    }
  }

  /** Returns what replaces a text of an attribute. */
  private static String replaced(
      EditedAttributes attributes,
      String key,
      String text,
      Replacement replacement,
      Subject subject) {
    try {
      return replacement.of(text, subject);
    } catch (IllegalStateException e) {
      attributes.remove(key);
      throw e;
    }
  }

  private static void rename(EditedAttributes attributes, String key, String to) {
    Value<?> value = attributes.get(key);
    if (value != null && !to.equals(key)) {
      attributes.remove(key);
      attributes.set(to, value);
    }
  }

  /** Replaces each match of an expression. */
  private static Replacement matches(Arguments arguments) {
    GoRegex regex = arguments.regex("regex");
    Expression template = arguments.value("replacement");
    UnaryOperator<String> function = function(arguments);
    return (text, subject) ->
        regex.replaceAll(text, Values.string(template.of(subject), "the replacement"), function);
  }

  /** Replaces a text that matches a pattern as a whole. */
  private static Replacement whole(Arguments arguments) {
    String pattern = arguments.text("pattern");
    GoRegex glob;
    try {
      glob = Glob.compile(pattern);
    } catch (IllegalArgumentException e) {
      throw arguments.fault(String.valueOf(e.getMessage()));
    }
    Expression replacement = arguments.value("replacement");
    UnaryOperator<String> function = function(arguments);
    return (text, subject) ->
        glob.matches(text)
            ? function.apply(Values.string(replacement.of(subject), "the replacement"))
            : text;
  }

  /** Takes the function that changes each replacement, and the text around its result. */
  private static UnaryOperator<String> function(Arguments arguments) {
    ConditionToken name = arguments.function("function");
    @Nullable String format = arguments.optionalText("replacement_format");
    if (name == null) {
      return UnaryOperator.identity();
    }
    UnaryOperator<String> hash = Converters.hash(name);
    if (format == null) {
      return hash;
    }
    if (!format.contains("%s")) {
      throw arguments.fault("replacement_format has no %s");
    }
    return text -> format.replace("%s", hash.apply(text));
  }
}
