package dev.tallyspan.semconv.content;

import static dev.tallyspan.semconv.content.CharClass.isDigit;
import static dev.tallyspan.semconv.content.CharClass.isWord;

import java.util.Locale;
import java.util.Map;

/** Numbers that start with a letter: bank accounts and national ids. */
final class LetteredIds {

  private static final String IBAN = StandardDetector.IBAN.name();
  private static final String ID = StandardDetector.NATIONAL_ID.name();
  private static final int LONGEST_IBAN = 34;

  /** The length of account numbers by country. */
  private static final Map<String, Integer> IBAN_LENGTHS = lengths();

  private final boolean accounts;
  private final boolean ids;
  private final Findings findings;

  LetteredIds(int kinds, Findings findings) {
    accounts = (kinds & StandardDetector.IBAN.bit()) != 0;
    ids = (kinds & StandardDetector.NATIONAL_ID.bit()) != 0;
    this.findings = findings;
  }

  private static Map<String, Integer> lengths() {
    String all =
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28"
            + " EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23"
            + " IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22"
            + " MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24"
            + " SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20";
    Map<String, Integer> lengths = new java.util.HashMap<>();
    for (String entry : all.split(" ")) {
      lengths.put(entry.substring(0, 2), Integer.valueOf(entry.substring(2)));
    }
    return Map.copyOf(lengths);
  }

  /** Reports the number that starts with this word; returns its end, or -1 if there is none. */
  int at(String text, int from, int at, int wordEnd, int to, String name) {
    int length = wordEnd - at;
    if (accounts && length >= 4 && isDigit(text.charAt(at + 2)) && isDigit(text.charAt(at + 3))) {
      int end = iban(text, at, to);
      if (end > 0) {
        findings.found(at, end, IBAN);
        return end;
      }
    }
    if (!ids) {
      return -1;
    }
    int end = -1;
    if ((length == 2 || length == 9) && mayBeNino(text, at, to)) {
      end = nino(text, from, at, to, name);
    }
    if (end < 0 && (length == 9 || length == 1)) {
      end = nie(text, at, to);
    }
    if (end < 0 && length == 16) {
      String code = text.substring(at, wordEnd);
      boolean oneCase = code.equals(code.toUpperCase(Locale.ROOT)) || code.equals(lower(code));
      end = oneCase && CheckDigits.codiceFiscale(upper(code)) ? wordEnd : -1;
    }
    if (end > 0) {
      findings.found(at, end, ID);
    }
    return end;
  }

  private static String upper(String code) {
    return code.toUpperCase(Locale.ROOT);
  }

  private static String lower(String code) {
    return code.toLowerCase(Locale.ROOT);
  }

  /** Letters and digits, maybe in groups of four. */
  private static int iban(String text, int at, int to) {
    Integer length = IBAN_LENGTHS.get(upper(text.substring(at, at + 2)));
    if (length == null) {
      return -1;
    }
    StringBuilder account = new StringBuilder(LONGEST_IBAN);
    int end = at;
    while (end < to && account.length() < length) {
      char c = text.charAt(end);
      boolean separator = (c == ' ' || c == '-' || c == '\u00A0') && account.length() % 4 == 0;
      if (!separator) {
        char upper = c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
        if (!isDigit(upper) && (upper < 'A' || upper > 'Z')) {
          return -1;
        }
        account.append(upper);
      } else if (!isAsciiWord(text.charAt(end - 1))) {
        return -1;
      }
      end++;
    }
    boolean whole = end == to || !isWord(text.charAt(end));
    return account.length() == length && whole && CheckDigits.iban(account) ? end : -1;
  }

  private static boolean isAsciiWord(char c) {
    return c < 128 && isWord(c);
  }

  /** Whether digits follow the two letters, as in few words. */
  private static boolean mayBeNino(String text, int at, int to) {
    return at + 3 < to && (isDigit(text.charAt(at + 2)) || isDigit(text.charAt(at + 3)));
  }

  /** {@code QQ 12 34 56 C}: two letters, six digits, one letter. */
  private static int nino(String text, int from, int at, int to, String name) {
    StringBuilder number = new StringBuilder(9);
    int end = at;
    while (end < to && number.length() < 9) {
      char c = text.charAt(end);
      int length = number.length();
      boolean space = c == ' ' && length > 0 && length % 2 == 0 && text.charAt(end - 1) != ' ';
      if (!space) {
        boolean digit = isDigit(c);
        boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (length < 2 || length == 8 ? !letter : !digit) {
          return -1;
        }
        number.append(c);
      }
      end++;
    }
    if (number.length() < 9 || (end < to && isWord(text.charAt(end)))) {
      return -1;
    }
    String given = number.toString();
    String upper = upper(given);
    boolean assigned =
        "DFIQUV".indexOf(upper.charAt(0)) < 0
            && "DFIOQUV".indexOf(upper.charAt(1)) < 0
            && !"BG GB NK KN TN NT ZZ".contains(upper.substring(0, 2))
            && upper.charAt(8) <= 'D';
    boolean certain = given.equals(upper) || ContextWords.NINO.precede(text, from, at, name);
    return assigned && certain ? end : -1;
  }

  /** X, Y or Z, seven digits, and their letter. */
  private static int nie(String text, int at, int to) {
    char first = text.charAt(at);
    if (first < 'X' || first > 'Z') {
      return -1;
    }
    int start = at + 1;
    if (start < to && text.charAt(start) == '-') {
      start++;
    }
    int end = start;
    while (end < to && end - start < 7 && isDigit(text.charAt(end))) {
      end++;
    }
    int letter = end < to && text.charAt(end) == '-' ? end + 1 : end;
    if (end - start < 7 || letter >= to || (letter + 1 < to && isWord(text.charAt(letter + 1)))) {
      return -1;
    }
    char expected =
        CheckDigits.spanishLetter((char) (first - 'X' + '0') + text.substring(start, end));
    return text.charAt(letter) == expected ? letter + 1 : -1;
  }
}
