package dev.tallyspan.semconv.content;

/**
 * Finds everything that the standard detectors know, in one pass.
 *
 * <p>Not thread-safe: one instance reads one text after the other.
 */
final class StandardScan {
  /*
   * Every character belongs to a class. Most are inert, and cost one look into a table. The others
   * start a question, which looks at what is around:
   *
   *   start of a word  a known prefix (sk-, AKIA, eyJ), an IBAN, an id with letters; at a digit, a
   *                    number: card, national id, phone
   *   @                an address: the local part is read backwards, the domain forwards
   *   : and =          an assignment: the name is read backwards, the value forwards; and at ://
   *                    a password within a URL
   *   + (              a phone number
   *   -                a PEM key, if four more follow
   *
   * A question looks back at most 64 characters, and forward either at most 256 or as far as what it
   * then reports or skips; so the time is linear, whatever the text. That is why there are no
   * regular expressions here.
   *
   * Precision comes from structure: prefixes that providers chose so that scanners find them, check
   * digits, lengths by country. Notations that any number may have (nine digits, ten digits) count
   * only with a word before them that says what they are. Runs of base64, such as images, are
   * stepped over, since a long enough one contains everything.
   */

  private static final byte INERT = 0;
  private static final byte WORD = 1;
  private static final byte AT = 2;
  private static final byte ASSIGN = 3;
  private static final byte DIAL = 4;
  private static final byte DASH = 5;

  private static final char WIDE_COLON = '\uFF1A';

  private static final byte[] CLASS = classes();

  /** Runs of base64 that are longer contain data, not words. */
  private static final int LONGEST_TOKEN = 256;

  private final int kinds;
  private final Findings findings;
  private final Numbers numbers;
  private final Secrets secrets;
  private final Assignments assignments;
  private final LetteredIds lettered;
  private int base64Until;

  /**
   * @param kinds the bits of the detectors that are on
   */
  StandardScan(int kinds, Findings findings) {
    this.kinds = kinds;
    this.findings = findings;
    numbers = new Numbers(kinds, findings);
    secrets = new Secrets(findings);
    assignments = new Assignments(findings);
    lettered = new LetteredIds(kinds, findings);
  }

  private static byte[] classes() {
    byte[] classes = new byte[128];
    for (char c = 0; c < 128; c++) {
      boolean word = Character.isLetterOrDigit(c) || c == '_';
      classes[c] = word ? WORD : INERT;
    }
    classes['@'] = AT;
    classes[':'] = ASSIGN;
    classes['='] = ASSIGN;
    classes['+'] = DIAL;
    classes['('] = DIAL;
    classes['-'] = DASH;
    return classes;
  }

  /**
   * Whether the character is part of a word. Those of scripts without spaces between words are not,
   * so that what stands between them is seen.
   */
  static boolean isWord(char c) {
    if (c < 128) {
      return CLASS[c] == WORD;
    }
    return c < 0x2E80 && (c < 0x0E00 || c > 0x0E7F) && Character.isLetterOrDigit(c);
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Whether the detector is on. */
  private boolean finds(StandardDetector detector) {
    return (kinds & detector.bit()) != 0;
  }

  /**
   * Reports what the range contains.
   *
   * @param name the name of the member or attribute that has the text; empty if there is none
   */
  void scan(String text, int from, int to, String name) {
    boolean findsSecrets = finds(StandardDetector.SECRET);
    boolean findsEmail = finds(StandardDetector.EMAIL);
    boolean findsNumbers =
        finds(StandardDetector.CARD)
            || finds(StandardDetector.NATIONAL_ID)
            || finds(StandardDetector.PHONE)
            || finds(StandardDetector.IP_ADDRESS);
    base64Until = -1;
    int at = from;
    while (at < to) {
      char c = text.charAt(at);
      byte kind = c < 128 ? CLASS[c] : isWord(c) ? WORD : c == WIDE_COLON ? ASSIGN : INERT;
      int end = -1;
      switch (kind) {
        case WORD -> {
          int wordEnd = wordEnd(text, at, to);
          end = findsSecrets ? secrets.at(text, at, to) : -1;
          if (end < 0 && findsSecrets) {
            end = assignments.spoken(text, at, wordEnd, to);
          }
          if (end < 0) {
            end = skipBase64(text, at, wordEnd, to);
          }
          if (end < 0) {
            end =
                isDigit(c)
                    ? (findsNumbers ? numbers.at(text, from, at, to, name) : -1)
                    : lettered.at(text, from, at, wordEnd, to, name);
          }
          if (end < 0) {
            end = wordEnd;
          }
        }
        case AT -> {
          if (findsEmail) {
            end = EmailAddress.at(text, from, at, to, findings);
          }
        }
        case ASSIGN -> {
          if (findsSecrets) {
            end = assignments.at(text, from, at, to);
          }
          if (end < 0 && c == ':' && finds(StandardDetector.IP_ADDRESS)) {
            end = IpAddresses.aroundColon(text, from, at, to, findings);
          }
        }
        case DIAL -> {
          if (finds(StandardDetector.PHONE)) {
            end = numbers.phones().at(text, from, at, to, name);
          }
        }
        case DASH -> {
          if (findsSecrets) {
            end = secrets.pem(text, at, to);
          }
        }
        default -> {
          // inert
        }
      }
      at = Math.max(end, at + 1);
    }
  }

  private static int wordEnd(String text, int at, int to) {
    int end = at + 1;
    while (end < to && isWord(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /** The end of the run of base64 that starts here, if it is long; -1 if it is not. */
  private int skipBase64(String text, int at, int wordEnd, int to) {
    if (at < base64Until) {
      return -1; // part of a run that is known to be short
    }
    int end = wordEnd;
    while (end < to && isBase64(text.charAt(end))) {
      end++;
    }
    if (end - at > LONGEST_TOKEN) {
      return end;
    }
    base64Until = end;
    return -1;
  }

  private static boolean isBase64(char c) {
    return c < 128 && (CLASS[c] == WORD || c == '+' || c == '/') && c != '_';
  }
}
