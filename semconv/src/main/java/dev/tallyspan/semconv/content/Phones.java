package dev.tallyspan.semconv.content;

import static dev.tallyspan.semconv.content.CharClass.isDigit;
import static dev.tallyspan.semconv.content.CharClass.isWord;

/** Phone numbers. */
final class Phones {

  private static final String PHONE = StandardDetector.PHONE.name();
  private static final int SHORTEST = 7;
  private static final int LONGEST = 15;

  /** Country codes of two digits; 1 and 7 have one digit, all others three. */
  private static final String TWO_DIGIT_CODES =
      " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63"
          + " 64 65 66 81 82 84 86 90 91 92 93 94 95 98 ";

  private final Findings findings;
  private final DigitGroups groups;

  Phones(Findings findings, DigitGroups groups) {
    this.findings = findings;
    this.groups = groups;
  }

  /** Reports the number that starts with this plus sign or parenthesis; returns its end, or -1. */
  int at(String text, int from, int at, int to, String name) {
    if (at > from && isWord(text.charAt(at - 1))) {
      return -1;
    }
    if (text.charAt(at) == '+') {
      int first = at + 1;
      if (first < to && text.charAt(first) == '(') {
        first++;
      }
      return first < to && isDigit(text.charAt(first)) ? international(text, at, first, to) : -1;
    }
    if (at + 1 == to || !isDigit(text.charAt(at + 1))) {
      return -1;
    }
    groups.read(text, at + 1, to);
    return areaCodeInParentheses(text, from, at, to, name);
  }

  /** Reports the number that starts with the digit at {@code at}, whose groups are read. */
  int national(String text, int from, int at, int to, String name) {
    if (text.charAt(at) == '0') {
      int end = trunkPrefix(text, at, to);
      if (end > 0) {
        return end;
      }
    }
    int last = plain();
    if (last < 0 && groups.digits(0) <= LONGEST) {
      last = anyNotation();
      last = last >= 0 && ContextWords.PHONE.precede(text, from, at, name) ? last : -1;
    }
    return last < 0 ? -1 : report(at, groups.end(last));
  }

  private int report(int start, int end) {
    findings.found(start, end, PHONE);
    return end;
  }

  private int international(String text, int start, int first, int to) {
    groups.read(text, first, to);
    char one = text.charAt(first);
    int exact = one == '1' ? 11 : 0;
    String code = text.substring(first, Math.min(to, first + 2));
    int codeLength =
        one == '1' || one == '7' ? 1 : TWO_DIGIT_CODES.contains(" " + code + " ") ? 2 : 3;
    if (one == '0') {
      return -1;
    }
    int best = -1;
    for (int last = 0; last < groups.count(); last++) {
      int digits = groups.digits(last);
      if (digits > LONGEST || (last > 1 && groups.length(last) < 2)) {
        break;
      }
      boolean enough = exact > 0 ? digits == exact : digits >= codeLength + 6;
      if (enough && groups.isWhole(last)) {
        best = last;
      }
    }
    return best < 0 ? -1 : report(start, groups.end(best));
  }

  /** {@code (202) 555-0143}, {@code (030) 1234567}, {@code (11) 91234-5678}. */
  private int areaCodeInParentheses(String text, int from, int at, int to, String name) {
    if (groups.count() < 2 || groups.length(0) > 5 || !groups.between(0).startsWith(")")) {
      return -1;
    }
    boolean american =
        groups.count() > 2
            && groups.has(3, 3, 4)
            && isAreaCode(text, groups.start(0))
            && isAreaCode(text, groups.start(1));
    if (american && groups.isWhole(2)) {
      return report(at, groups.end(2));
    }
    boolean trunk = text.charAt(at + 1) == '0' || groups.length(0) == 2;
    for (int last = Math.min(groups.count() - 1, 3); last > 0; last--) {
      int digits = groups.digits(last);
      boolean sized = digits >= 9 && digits <= 12 && groups.length(last) >= 2;
      if (sized
          && groups.isWhole(last)
          && (trunk || ContextWords.PHONE.precede(text, from, at, name))) {
        return report(at, groups.end(last));
      }
    }
    return -1;
  }

  /** Notations with a leading zero: {@code 030 1234567}, {@code 0171/1234567}, {@code 01 23 …}. */
  private int trunkPrefix(String text, int at, int to) {
    if (at + 1 < to && text.charAt(at + 1) == '0') {
      return exitCode(text, at);
    }
    if (groups.length(0) < 2 || groups.length(0) > 5 || isDate() || isAddress()) {
      return -1;
    }
    if (groups.has(2, 2, 2, 2, 2)) {
      boolean alone = groups.count() == 5 && groups.isWhole(4) && groups.sameSeparators(4);
      return alone ? report(at, groups.end(4)) : -1;
    }
    int best = -1;
    char separator = 0;
    for (int last = 1; last < groups.count(); last++) {
      String between = groups.between(last - 1);
      char own = between.trim().isEmpty() ? ' ' : between.trim().charAt(0);
      boolean mixed = separator != 0 && separator != own && (separator == '.' || own == '.');
      int digits = groups.digits(last);
      if (mixed || digits > 12 || groups.length(last) < 2) {
        break;
      }
      separator = separator == 0 || separator == ' ' ? own : separator;
      if (digits >= 9 && groups.isWhole(last)) {
        best = last;
      }
    }
    // A table of numbers goes on; a phone number ends.
    boolean table = best > 0 && groups.count() - 1 - best > 1;
    return best < 0 || table ? -1 : report(at, groups.end(best));
  }

  /** {@code 0049 170 1234567}: two zeros instead of the plus sign. */
  private int exitCode(String text, int at) {
    if (groups.count() < 2 || groups.length(0) < 3 || groups.length(0) > 5 || isDate()) {
      return -1;
    }
    if (text.charAt(at + 2) == '0') {
      return -1;
    }
    int best = -1;
    for (int last = 1; last < groups.count() && groups.digits(last) <= LONGEST + 2; last++) {
      if (groups.length(last) < 2) {
        break;
      }
      if (groups.digits(last) >= 11 && groups.isWhole(last)) {
        best = last;
      }
    }
    return best < 0 ? -1 : report(at, groups.end(best));
  }

  /** The last group of a notation without prefix that hardly any other number has; -1 if none. */
  private int plain() {
    boolean separated = groups.count() > 2 && groups.sameSeparators(2);
    char separator = separated ? groups.separator(0) : 0;
    if (separated
        && groups.has(3, 3, 4)
        && (separator == '-' || separator == '.')
        && isNorthAmerican(0)
        && ends(2)) {
      return 2;
    }
    if (groups.has(1, 3, 3, 4)
        && groups.sameSeparators(3)
        && groups.number(0).charAt(0) == '1'
        && isNorthAmerican(1)
        && ends(3)) {
      return 3;
    }
    // China's mobile numbers.
    if (separated && groups.has(3, 4, 4) && ends(2) && separator != '.') {
      CharSequence number = groups.number(0);
      return number.charAt(0) == '1' && number.charAt(1) >= '3' ? 2 : -1;
    }
    return -1;
  }

  private boolean ends(int last) {
    return groups.isWhole(last)
        && (groups.count() == last + 1
            || groups.separator(last) != groups.separator(0)
            || groups.separator(last) == ' ');
  }

  private boolean isNorthAmerican(int area) {
    CharSequence number = groups.number(area + 2);
    int at = groups.digits(area) - 3;
    return number.charAt(at) >= '2' && number.charAt(at + 3) >= '2';
  }

  private static boolean isAreaCode(String text, int at) {
    return text.charAt(at) >= '2';
  }

  /** The last group of what follows a word for phones. */
  private int anyNotation() {
    int best = -1;
    for (int last = 0; last < Math.min(groups.count(), 6); last++) {
      int digits = groups.digits(last);
      if (digits > LONGEST) {
        break;
      }
      if (digits >= SHORTEST && groups.isWhole(last)) {
        best = last;
      }
    }
    return best;
  }

  /** {@code 01.02.2024}, {@code 01-02-24}. */
  private boolean isDate() {
    return groups.count() > 2
        && groups.sameSeparators(2)
        && groups.length(0) <= 2
        && groups.length(1) <= 2
        && groups.separator(0) != ' '
        && groups.length(2) == 4;
  }

  /** {@code 010.020.030.040}. */
  private boolean isAddress() {
    return groups.count() > 3
        && groups.sameSeparators(3)
        && groups.separator(0) == '.'
        && groups.length(0) <= 3
        && groups.length(1) <= 3
        && groups.length(2) <= 3
        && groups.length(3) <= 3;
  }
}
