package dev.tallyspan.semconv.content;

import static dev.tallyspan.semconv.content.CharClass.isDigit;
import static dev.tallyspan.semconv.content.CharClass.isKey;

/** Where in a text it is worth to ask the detectors. Most texts have few such places, or none. */
final class Anchors {
  /*
   * A place is passed over only if every detector would say no there. What each of them needs at the
   * least, seen from the word or mark where it starts:
   *
   *   key, JSON Web Token   a digit in the word, or a hyphen or dot that goes on as a key does
   *   bearer token          the word itself, and a space
   *   spoken password       one of a few words, and a space
   *   base64                a plus sign or a slash after the word, or a word that is as long
   *   IBAN, national id     a digit in the word; or sixteen letters, which an Italian one may be; or
   *                         two letters, a space and a digit; or a letter and a hyphen
   *   card, id, phone       six digits in groups (the French number may have a letter after them)
   *   assignment            a name that ends like a secret one
   *   URL with password     ://
   *   phone with a mark     a digit after it
   *   PEM                   two hyphens
   *   e-mail address        an at sign
   *
   * The conditions may say yes too often, which costs time, but never no too often. They look at most
   * a few characters behind the word, and remember nothing.
   */

  /** Runs of base64 that are longer contain data, not words. */
  static final int LONGEST_TOKEN = 256;

  private static final int FEWEST_DIGITS = 6;
  private static final int LENGTH_OF_CODICE_FISCALE = 16;

  private Anchors() {}

  /**
   * The next place at or after {@code at} where something may be found; {@code to} if there is
   * none.
   *
   * @param from where the text starts; what is before it does not count
   * @param at where a word or a mark may start
   * @param addresses whether IP addresses are looked for, which may be short
   */
  static int next(String text, int from, int at, int to, boolean addresses) {
    int i = at;
    while (i < to) {
      char c = text.charAt(i);
      int kind = CharClass.of(c);
      if (kind == 0) {
        i++;
      } else if (kind == CharClass.MARK) {
        if (asksAtMark(text, from, i, to, c, addresses)) {
          return i;
        }
        i++;
      } else {
        int start = i;
        int kinds = 0;
        do {
          kinds |= kind;
          kind = ++i < to ? CharClass.of(text.charAt(i)) : 0;
        } while ((kind & CharClass.WORD) != 0);
        if (asksAtWord(text, start, i, to, kinds, addresses)) {
          return start;
        }
      }
    }
    return to;
  }

  private static boolean asksAtMark(
      String text, int from, int at, int to, char mark, boolean addresses) {
    char next = at + 1 < to ? text.charAt(at + 1) : ' ';
    return switch (mark) {
      case '@' -> true;
      case '-' -> next == '-';
      case '(' -> isDigit(next);
      case '+' -> isDigit(next) || next == '(';
      default -> (addresses && mark == ':') || Assignments.mayBeAt(text, from, at);
    };
  }

  private static boolean asksAtWord(
      String text, int start, int end, int to, int kinds, boolean addresses) {
    int length = end - start;
    char next = end < to ? text.charAt(end) : '\n';
    if (next == '+' || next == '/' || length > LONGEST_TOKEN) {
      return true;
    }
    if ((kinds & CharClass.DIGIT) != 0) {
      return addresses || !isDigit(text.charAt(start)) || mayBeNumber(text, start, to);
    }
    if (length == LENGTH_OF_CODICE_FISCALE) {
      return true;
    }
    return switch (next) {
      case '-', '.' -> end + 1 < to && isKey(text.charAt(end + 1));
      case ' ' ->
          Assignments.isSpoken(text, start, length)
              || Secrets.mayBeBearer(text, start, length)
              || (length == 2 && end + 1 < to && isDigit(text.charAt(end + 1)));
      default -> false;
    };
  }

  /** Whether the groups of digits that start here have enough of them. */
  private static boolean mayBeNumber(String text, int start, int to) {
    int digits = 0;
    int at = start;
    while (true) {
      while (at < to && isDigit(text.charAt(at))) {
        at++;
        digits++;
        if (digits == FEWEST_DIGITS) {
          return true;
        }
      }
      int end = at;
      while (at < to
          && at - end < DigitGroups.LONGEST_GAP
          && DigitGroups.isSeparator(text.charAt(at))) {
        at++;
      }
      if (at == end || at == to) {
        return false;
      }
      if (!isDigit(text.charAt(at))) {
        // Only the French number may have more space between its groups.
        return at - end == DigitGroups.LONGEST_GAP && DigitGroups.isSeparator(text.charAt(at));
      }
    }
  }
}
