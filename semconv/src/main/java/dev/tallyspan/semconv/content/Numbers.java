package dev.tallyspan.semconv.content;

import static dev.tallyspan.semconv.content.CharClass.isDigit;
import static dev.tallyspan.semconv.content.CharClass.isWord;

/** Numbers that start with a digit: cards, national ids, and, through {@link Phones}, phones. */
final class Numbers {

  private static final String CARD = StandardDetector.CARD.name();
  private static final String ID = StandardDetector.NATIONAL_ID.name();

  private final boolean cards;
  private final boolean ids;
  private final boolean callNumbers;
  private final boolean addresses;
  private final Findings findings;
  private final DigitGroups groups = new DigitGroups();
  private final Phones phones;

  Numbers(int kinds, Findings findings) {
    cards = (kinds & StandardDetector.CARD.bit()) != 0;
    ids = (kinds & StandardDetector.NATIONAL_ID.bit()) != 0;
    callNumbers = (kinds & StandardDetector.PHONE.bit()) != 0;
    addresses = (kinds & StandardDetector.IP_ADDRESS.bit()) != 0;
    this.findings = findings;
    phones = new Phones(findings, groups);
  }

  Phones phones() {
    return phones;
  }

  /** Reports the number that starts here; returns its end, or -1 if there is none. */
  int at(String text, int from, int at, int to, String name) {
    if (addresses) {
      int end = IpAddresses.at(text, from, at, to, findings);
      if (end > 0) {
        return end;
      }
    }
    boolean attached = isAttached(text, from, at);
    groups.read(text, at, to);
    if (cards && !isDecimal(text, from, at)) {
      int last = card();
      if (last >= 0) {
        return report(at, groups.end(last), CARD);
      }
    }
    if (attached) {
      return -1;
    }
    if (ids) {
      int end = nationalId(text, from, at, to, name);
      if (end > 0) {
        return report(at, end, ID);
      }
    }
    return callNumbers ? phones.national(text, from, at, to, name) : -1;
  }

  private int report(int start, int end, String kind) {
    findings.found(start, end, kind);
    return end;
  }

  /**
   * Whether the number goes on what is before it: part of a UUID, a date, a path, a decimal number,
   * a version, a price.
   */
  private static boolean isAttached(String text, int from, int at) {
    if (at == from) {
      return false;
    }
    char before = text.charAt(at - 1);
    if ("#$\u20AC\u00A3\u00A5".indexOf(before) >= 0) {
      return true;
    }
    boolean joins = ".-/_".indexOf(before) >= 0;
    boolean joinsDigits = joins || before == ':' || before == ',';
    return at - 1 > from
        && ((joins && isWord(text.charAt(at - 2)))
            || (joinsDigits && isDigit(text.charAt(at - 2))));
  }

  private static boolean isDecimal(String text, int from, int at) {
    return at - 2 >= from
        && (text.charAt(at - 1) == '.' || text.charAt(at - 1) == ',')
        && isDigit(text.charAt(at - 2));
  }

  /** The index of the last group of the card number that starts with the first; -1 if none. */
  private int card() {
    for (int last = 0; last < groups.count(); last++) {
      int digits = groups.digits(last);
      if (digits > 19) {
        return -1;
      }
      if (digits >= 14 && isCardNotation(last) && groups.isWhole(last)) {
        CharSequence number = groups.number(last);
        if (isIssued(number) && CheckDigits.luhn(number) && !CheckDigits.allEqual(number)) {
          return last;
        }
      }
    }
    return -1;
  }

  private boolean isCardNotation(int last) {
    if (last == 0) {
      return true;
    }
    if (!groups.sameSeparators(last) || ".-\u00A0 ".indexOf(groups.separator(0)) < 0) {
      return false;
    }
    if (last == 2) {
      return groups.length(0) == 4
          && groups.length(1) == 6
          && (groups.length(2) == 5 || groups.length(2) == 4);
    }
    for (int i = 0; i < last; i++) {
      if (groups.length(i) != 4) {
        return false;
      }
    }
    return last == 3 ? groups.length(3) == 4 : last == 4 && groups.length(4) <= 3;
  }

  /** Whether an issuer has numbers with these first digits and this length. */
  private static boolean isIssued(CharSequence number) {
    int length = number.length();
    int four = 0;
    for (int i = 0; i < 4; i++) {
      four = four * 10 + number.charAt(i) - '0';
    }
    int two = four / 100;
    return switch (length) {
      case 14 -> two == 36 || two == 38 || two == 39 || (four >= 3000 && four <= 3059);
      case 15 -> two == 34 || two == 37;
      case 16 ->
          two / 10 == 4
              || (two >= 51 && two <= 55)
              || (four >= 2221 && four <= 2720)
              || four == 6011
              || two == 65
              || (four >= 6440 && four <= 6499)
              || (four >= 3528 && four <= 3589)
              || two == 62
              || (four >= 2200 && four <= 2204)
              || (four >= 5000 && two == 50)
              || two == 60
              || two == 67;
      case 17, 18 -> two == 62;
      default -> two == 62 || two == 67 || two / 10 == 4;
    };
  }

  /** The end of the national id that starts here; -1 if there is none. */
  private int nationalId(String text, int from, int at, int to, String name) {
    int single = ofOneGroup(text, from, at, to, name);
    if (single > 0) {
      return single;
    }
    if (groups.has(3, 2, 4) && groups.isWhole(2) && groups.sameSeparators(2)) {
      boolean said = ContextWords.SSN.precede(text, from, at, name);
      if ((groups.separator(0) == '-' || said) && isSsn(groups.number(2)) && !goesOn(2)) {
        return groups.end(2);
      }
    }
    if (groups.has(4, 4, 4)
        && groups.isWhole(2)
        && groups.sameSeparators(2)
        && !goesOn(2)
        && isAadhaar(groups.number(2))) {
      return groups.end(2);
    }
    if (groups.has(3, 3, 3, 2)
        && groups.separator(0) == '.'
        && groups.separator(1) == '.'
        && groups.isWhole(3)
        && CheckDigits.cpf(groups.number(3))) {
      return groups.end(3);
    }
    if (groups.has(2, 3, 3, 3)
        && groups.sameSeparators(3)
        && groups.isWhole(3)
        && !goesOn(3)
        && CheckDigits.steuerId(groups.number(3))) {
      return groups.end(3);
    }
    char first = text.charAt(at);
    return first == '1' || first == '2' ? nir(text, at, to) : -1;
  }

  private int ofOneGroup(String text, int from, int at, int to, String name) {
    int end = groups.end(0);
    int length = groups.length(0);
    if (length == 8) {
      return dni(text, from, at, end, to, name);
    }
    if (!groups.isWhole(0)) {
      return -1;
    }
    if (length != 9 && length != 11 && length != 12) {
      return -1;
    }
    CharSequence number = groups.number(0);
    boolean found =
        switch (length) {
          case 9 -> isSsn(number) && ContextWords.SSN.precede(text, from, at, name);
          case 11 ->
              CheckDigits.steuerId(number)
                  || (CheckDigits.cpf(number) && ContextWords.CPF.precede(text, from, at, name));
          default -> isAadhaar(number) && ContextWords.AADHAAR.precede(text, from, at, name);
        };
    return found ? end : -1;
  }

  /** Whether a group with the same separator follows, so that these are not all. */
  private boolean goesOn(int last) {
    return groups.count() > last + 1 && groups.separator(last) == groups.separator(0);
  }

  private static boolean isSsn(CharSequence number) {
    String digits = number.toString();
    return !digits.startsWith("000")
        && !digits.startsWith("666")
        && digits.charAt(0) != '9'
        && !digits.startsWith("00", 3)
        && !digits.endsWith("0000")
        && !CheckDigits.allEqual(digits);
  }

  private static boolean isAadhaar(CharSequence number) {
    return number.charAt(0) >= '2' && CheckDigits.verhoeff(number);
  }

  /** Eight digits and their letter, maybe with a hyphen or space between them. */
  private static int dni(String text, int from, int at, int end, int to, String name) {
    int letter = end;
    if (letter < to && (text.charAt(letter) == '-' || text.charAt(letter) == ' ')) {
      letter++;
    }
    if (letter >= to || (letter + 1 < to && isWord(text.charAt(letter + 1)))) {
      return -1;
    }
    char check = text.charAt(letter);
    boolean certain = letter == end || text.charAt(end) == '-';
    char expected = CheckDigits.spanishLetter(text.substring(at, end));
    boolean fits =
        certain && check == expected
            || Character.toUpperCase(check) == expected
                && ContextWords.SPANISH.precede(text, from, at, name);
    return fits ? letter + 1 : -1;
  }

  /** The French number with single spaces anywhere; -1 if it is none. */
  private static int nir(String text, int at, int to) {
    StringBuilder number = new StringBuilder(15);
    int end = at;
    while (end < to && number.length() < 15) {
      char c = text.charAt(end);
      boolean space = (c == ' ' || c == '\u00A0') && text.charAt(end - 1) != c;
      if (!isDigit(c) && !space && !(number.length() == 6 && (c == 'A' || c == 'B'))) {
        return -1;
      }
      if (!space) {
        number.append(c);
      }
      end++;
    }
    boolean whole = end == to || !isWord(text.charAt(end));
    return whole && CheckDigits.nir(number) ? end : -1;
  }
}
