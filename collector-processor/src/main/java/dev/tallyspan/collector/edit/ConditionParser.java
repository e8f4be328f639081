package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.edit.Condition.Context;
import dev.tallyspan.collector.edit.ConditionToken.Type;
import java.util.function.Predicate;

/** Parses conditions. Used once. */
final class ConditionParser {

  /*
   *   or         = and { "or" and }
   *   and        = not { "and" not }
   *   not        = [ "not" ] primary
   *   primary    = "(" or ")" | value [ comparison value ]
   */

  private final Tokens tokens;
  private final ValueParser values;

  ConditionParser(Tokens tokens, ValueParser values) {
    this.tokens = tokens;
    this.values = values;
  }

  /**
   * Parses a text that is one condition.
   *
   * @throws IllegalArgumentException if it is not valid or not supported
   */
  static Predicate<Subject> parse(String text, Context item, Context context) {
    Tokens tokens = new Tokens(text);
    Predicate<Subject> condition =
        new ConditionParser(tokens, new ValueParser(tokens, item, context)).or();
    tokens.expectEnd("and, or, or the end");
    return condition;
  }

  Predicate<Subject> or() {
    tokens.enter();
    Predicate<Subject> left = and();
    while (tokens.takes(Type.NAME, "or")) {
      left = left.or(and());
    }
    tokens.leave();
    return left;
  }

  private Predicate<Subject> and() {
    Predicate<Subject> left = not();
    while (tokens.takes(Type.NAME, "and")) {
      left = left.and(not());
    }
    return left;
  }

  private Predicate<Subject> not() {
    return tokens.takes(Type.NAME, "not") ? primary().negate() : primary();
  }

  private Predicate<Subject> primary() {
    if (tokens.takes(Type.SYMBOL, "(")) {
      Predicate<Subject> inner = or();
      tokens.expect(")");
      return inner;
    }
    Expression left = values.value();
    ConditionToken symbol = tokens.peek();
    Comparison comparison = symbol.type() == Type.SYMBOL ? Comparison.of(symbol.text()) : null;
    if (comparison == null) {
      return found -> Boolean.TRUE.equals(left.of(found));
    }
    tokens.take();
    Expression right = values.value();
    return found -> comparison.holds(left.of(found), right.of(found));
  }
}
