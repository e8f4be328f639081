package dev.tallyspan.semconv.content;

/** The built-in detectors. Used together, they read a text once. */
public enum StandardDetector implements Detector {
  /**
   * API keys and tokens of well-known providers, JSON Web Tokens, PEM private keys, bearer tokens,
   * passwords in URLs, and values assigned to names such as {@code password} and {@code api_key}.
   */
  SECRET,
  /** E-mail addresses, international ones included. */
  EMAIL,
  /**
   * Phone numbers: international ones, and national ones in the usual notations of North America,
   * Europe and Asia. A number without separators counts only if a word such as {@code phone}
   * precedes it.
   */
  PHONE,
  /** Payment card numbers with a known prefix and a valid check digit (Luhn). */
  CARD,
  /** International bank account numbers with the length of their country and valid check digits. */
  IBAN,
  /**
   * National identification numbers, with their check digits where they have any: US SSN, UK NINO,
   * German Steuer-ID, French NIR, Spanish DNI and NIE, Italian codice fiscale, Indian Aadhaar,
   * Brazilian CPF.
   */
  NATIONAL_ID,
  /** IPv4 and IPv6 addresses. Not part of the default. */
  IP_ADDRESS;

  @Override
  public void find(CharSequence text, Findings findings) {
    String all = text.toString();
    StandardScan.scan(bit(), findings, all, 0, all.length(), "");
  }

  int bit() {
    return 1 << ordinal();
  }
}
