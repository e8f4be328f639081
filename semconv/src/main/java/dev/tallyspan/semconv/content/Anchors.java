package dev.tallyspan.semconv.content;

import static dev.tallyspan.semconv.content.CharClass.isDigit;
import static dev.tallyspan.semconv.content.CharClass.isKey;

/** Where in one text it is worth to ask the detectors. Most texts have few such places, or none. */
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

  private static final int BLOCK = 512;

  private final String text;
  private final int from;
  private final int to;
  private final boolean addresses;
  private final char[] block;

  /** The characters from {@code start} to {@code end} are in the block. */
  private int start;

  private int end;

  /**
   * @param from where the text starts; what is before it does not count
   * @param addresses whether IP addresses are looked for, which may be short
   */
  Anchors(String text, int from, int to, boolean addresses) {
    this.text = text;
    this.from = from;
    this.to = to;
    this.addresses = addresses;
    block = new char[Math.min(BLOCK, to - from)];
    start = from;
    end = from;
  }

  /**
   * The next place at or after {@code at} where something may be found; the end of the text if
   * there is none.
   *
   * @param at where a word or a mark may start
   */
  int next(int at) {
    char[] chars = block;
    int i = at;
    while (i < to) {
      if (i < start || i >= end) {
        load(i);
      }
      int base = start;
      int limit = end - base;
      int k = i - base;
      int kind = 0;
      while (k < limit && (kind = CharClass.of(chars[k])) == 0) {
        k++;
      }
      i = base + k;
      if (k == limit) {
        continue;
      }
      if (kind == CharClass.MARK) {
        if (asksAtMark(text, from, i, to, chars[k], addresses)) {
          return i;
        }
        i++;
        continue;
      }
      int word = i;
      int kinds = 0;
      do {
        kinds |= kind;
        if (++k == limit) {
          if (base + k == to) {
            break;
          }
          load(base + k);
          base = start;
          limit = end - base;
          k = 0;
        }
        kind = CharClass.of(chars[k]);
      } while ((kind & CharClass.WORD) != 0);
      i = base + k;
      if (asksAtWord(text, word, i, to, kinds, addresses)) {
        return word;
      }
    }
    return to;
  }

  private void load(int at) {
    start = at;
    end = Math.min(to, at + block.length);
    text.getChars(at, end, block, 0);
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
              || (length == 2 && mayBeNumber(text, end + 1, to));
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
