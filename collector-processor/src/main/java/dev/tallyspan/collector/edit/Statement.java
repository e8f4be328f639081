package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.edit.Condition.Context;
import dev.tallyspan.collector.edit.ConditionToken.Type;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A change of a span, span event or resource, in a part of the OpenTelemetry Transformation
 * Language: {@code delete_key(attributes, "k") where name == "n"}. Immutable and thread-safe.
 */
public final class Statement {

  private final String text;
  private final String function;
  private final Editors.Edit edit;
  private final Predicate<Subject> where;

  private Statement(String text, String function, Editors.Edit edit, Predicate<Subject> where) {
    this.text = text;
    this.function = function;
    this.edit = edit;
    this.where = where;
  }

  /**
   * Parses a statement.
   *
   * @param context what it is applied to, one after another, and what paths without a prefix belong
   *     to: spans, span events or resources
   * @throws IllegalArgumentException if it is not valid or not supported; the message says where
   *     and why
   */
  public static Statement parse(String text, Context context) {
    Tokens tokens = new Tokens(text);
    ValueParser values = new ValueParser(tokens, context, context);
    if (!tokens.isCall()) {
      throw tokens.fault("expected a function such as set, not " + Tokens.shown(tokens.peek()));
    }
    ConditionToken name = tokens.take();
    Editors.Edit edit = Editors.of(name, values.arguments(name));
    if (context == Context.EVENT && edit.of() == Context.RESOURCE) {
      throw ConditionToken.fault(
          name.at(),
          "events cannot change their resource"
              + "; write the statement for spans or resources, or keep a Collector beside Tallyspan"
              + " for it");
    }
    Predicate<Subject> where = subject -> true;
    if (tokens.takes(Type.NAME, "where")) {
      where = new ConditionParser(tokens, values).or();
      tokens.expectEnd("and, or, or the end");
    }
    tokens.expectEnd("where or the end");
    return new Statement(text, name.text(), edit, where);
  }

  /**
   * Returns the context of texts whose paths say what they belong to: the narrowest. Null if no
   * path says it.
   *
   * @throws IllegalArgumentException if a text has a character that belongs to no word
   */
  public static @Nullable Context context(List<String> texts) {
    Context narrowest = null;
    for (String text : texts) {
      List<ConditionToken> tokens = ConditionToken.of(text);
      for (int i = 0; i + 1 < tokens.size(); i++) {
        boolean starts = i == 0 || !tokens.get(i - 1).is(Type.SYMBOL, ".");
        if (tokens.get(i).type() == Type.NAME && starts) {
          narrowest = narrower(narrowest, context(tokens.get(i), tokens.get(i + 1)));
        }
      }
    }
    return narrowest;
  }

  private static @Nullable Context context(ConditionToken word, ConditionToken following) {
    if (word.text().equals("IsRootSpan") && following.is(Type.SYMBOL, "(")) {
      return Context.SPAN;
    }
    if (!following.is(Type.SYMBOL, ".")) {
      return null;
    }
    return switch (word.text()) {
      case "spanevent" -> Context.EVENT;
      case "span", "scope", "instrumentation_scope" -> Context.SPAN;
      case "resource" -> Context.RESOURCE;
      default -> null;
    };
  }

  private static @Nullable Context narrower(@Nullable Context one, @Nullable Context other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.reachable().contains(other) ? one : other;
  }

  /** The name of the function, such as {@code set}. */
  String function() {
    return function;
  }

  /** Whether it changes the resource. */
  boolean changesResource() {
    return edit.of() == Context.RESOURCE;
  }

  /**
   * Applies the change, if the condition holds.
   *
   * @throws IllegalArgumentException if a function cannot take what it is given; then nothing is
   *     changed
   * @throws IllegalStateException if a regular expression takes too long; what it was to replace is
   *     then removed
   */
  void apply(EditedSubject subject) {
    if (where.test(subject)) {
      edit.change().apply(subject);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
