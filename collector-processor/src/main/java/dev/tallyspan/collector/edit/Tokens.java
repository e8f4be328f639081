package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.edit.ConditionToken.Type;
import java.util.List;

/** The words of a condition or statement, taken one after another. Not thread-safe. */
final class Tokens {

  /** The cure for what is not supported. */
  static final String INSTEAD = "; keep a Collector beside Tallyspan for it";

  private static final int DEEPEST = 50;

  private final List<ConditionToken> tokens;
  private int next;
  private int depth;

  Tokens(String text) {
    this.tokens = ConditionToken.of(text);
  }

  ConditionToken peek() {
    return tokens.get(next);
  }

  /** Whether the next word is a name and the one after it opens a bracket. */
  boolean isCall() {
    return peek().type() == Type.NAME && tokens.get(next + 1).is(Type.SYMBOL, "(");
  }

  /** Whether the next word is a name and the one after it is this symbol. */
  boolean isNameBefore(String symbol) {
    return peek().type() == Type.NAME && tokens.get(next + 1).is(Type.SYMBOL, symbol);
  }

  boolean takes(Type type, String word) {
    boolean is = peek().is(type, word);
    next += is ? 1 : 0;
    return is;
  }

  ConditionToken take() {
    return tokens.get(next++);
  }

  ConditionToken take(Type type, String what) {
    if (peek().type() != type) {
      throw fault("expected " + what + ", not " + shown(peek()));
    }
    return take();
  }

  void expect(String symbol) {
    if (!takes(Type.SYMBOL, symbol)) {
      throw fault("expected " + symbol + ", not " + shown(peek()));
    }
  }

  /**
   * @param expected what could have followed instead
   */
  void expectEnd(String expected) {
    if (peek().type() != Type.END) {
      throw fault("expected " + expected + ", not " + shown(peek()));
    }
  }

  /** Enters a bracket, of which there may be only so many within each other. */
  void enter() {
    if (++depth > DEEPEST) {
      throw fault("nested deeper than " + DEEPEST + " levels");
    }
  }

  void leave() {
    depth--;
  }

  static String shown(ConditionToken token) {
    return token.type() == Type.END ? "the end" : token.text();
  }

  IllegalArgumentException fault(String message) {
    return ConditionToken.fault(peek().at(), message);
  }
}
