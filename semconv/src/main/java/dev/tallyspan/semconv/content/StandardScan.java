package dev.tallyspan.semconv.content;

/** Finds everything that the standard detectors know, in one pass over one text. */
final class StandardScan {
  /*
   * Most of a text is passed over by Anchors. Where it stops, a question is asked, which looks at
   * what is around:
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

  private static final int NUMBERS =
      StandardDetector.CARD.bit()
          | StandardDetector.NATIONAL_ID.bit()
          | StandardDetector.PHONE.bit()
          | StandardDetector.IP_ADDRESS.bit();

  private final int kinds;
  private final boolean findsSecrets;
  private final boolean findsNumbers;
  private final Findings findings;
  private final Numbers numbers;
  private final Secrets secrets;
  private final Assignments assignments;
  private final LetteredIds lettered;
  private int base64Until = -1;

  private StandardScan(int kinds, Findings findings) {
    this.kinds = kinds;
    this.findings = findings;
    findsSecrets = finds(StandardDetector.SECRET);
    findsNumbers = (kinds & NUMBERS) != 0;
    numbers = new Numbers(kinds, findings);
    secrets = new Secrets(findings);
    assignments = new Assignments(findings);
    lettered = new LetteredIds(kinds, findings);
  }

  /** Whether the detector is on. */
  private boolean finds(StandardDetector detector) {
    return (kinds & detector.bit()) != 0;
  }

  /**
   * Reports what the range contains.
   *
   * @param kinds the bits of the detectors that are on
   * @param name the name of the member or attribute that has the text; empty if there is none
   */
  static void scan(int kinds, Findings findings, String text, int from, int to, String name) {
    boolean addresses = (kinds & StandardDetector.IP_ADDRESS.bit()) != 0;
    Anchors anchors = new Anchors(text, from, to, addresses);
    int first = anchors.next(from);
    if (first < to) {
      new StandardScan(kinds, findings).scan(text, from, first, to, name, anchors);
    }
  }

  private void scan(String text, int from, int first, int to, String name, Anchors anchors) {
    int at = first;
    while (at < to) {
      char c = text.charAt(at);
      int end =
          CharClass.of(c) == CharClass.MARK
              ? mark(text, from, at, to, c, name)
              : word(text, from, at, to, c, name);
      at = anchors.next(Math.max(end, at + 1));
    }
  }

  /** Reports what is around the mark; returns its end, or -1 if there is nothing. */
  private int mark(String text, int from, int at, int to, char c, String name) {
    switch (c) {
      case '@' -> {
        return finds(StandardDetector.EMAIL) ? EmailAddress.at(text, from, at, to, findings) : -1;
      }
      case '+', '(' -> {
        return finds(StandardDetector.PHONE) ? numbers.phones().at(text, from, at, to, name) : -1;
      }
      case '-' -> {
        return findsSecrets ? secrets.pem(text, at, to) : -1;
      }
      default -> {
        int end = findsSecrets ? assignments.at(text, from, at, to) : -1;
        return end < 0 && c == ':' && finds(StandardDetector.IP_ADDRESS)
            ? IpAddresses.aroundColon(text, from, at, to, findings)
            : end;
      }
    }
  }

  /** Reports what starts with the word; returns its end, or that of the word. */
  private int word(String text, int from, int at, int to, char c, String name) {
    int wordEnd = wordEnd(text, at, to);
    int end = findsSecrets ? secrets.at(text, at, to) : -1;
    if (end < 0 && findsSecrets) {
      end = assignments.spoken(text, at, wordEnd, to);
    }
    if (end < 0) {
      end = skipBase64(text, at, wordEnd, to);
    }
    if (end < 0 && !CharClass.isDigit(c)) {
      end = lettered.at(text, from, at, wordEnd, to, name);
    } else if (end < 0 && findsNumbers) {
      end = numbers.at(text, from, at, to, name);
    }
    return end < 0 ? wordEnd : end;
  }

  private static int wordEnd(String text, int at, int to) {
    int end = at + 1;
    while (end < to && CharClass.isWord(text.charAt(end))) {
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
    if (end - at > Anchors.LONGEST_TOKEN) {
      return end;
    }
    base64Until = end;
    return -1;
  }

  private static boolean isBase64(char c) {
    return c < 128 && (CharClass.isWord(c) || c == '+' || c == '/') && c != '_';
  }
}
