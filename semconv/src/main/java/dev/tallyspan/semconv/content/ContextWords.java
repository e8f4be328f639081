package dev.tallyspan.semconv.content;

import java.util.List;
import java.util.Locale;

/**
 * Words that say what a number is, before the number or in the name of the member that has it. They
 * decide about notations that any number may have.
 */
enum ContextWords {
  PHONE(
      "phone tel telephone telefon telefono telefone téléphone teléfono mobile mobil movil móvil"
          + " celular cell handy handynummer telefonnummer rufnummer whatsapp fax sms msisdn"
          + " phonenumber mobilenumber portable cellulare telefoon komórka",
      "电话 電話 手机 携帯 тел фон फोन फ़ोन मोबाइल هاتف جوال 전화 휴대폰"),
  SSN("ssn ssns itin socialsecuritynumber social", "social security tax"),
  AADHAAR("aadhaar aadhar uidai aadhaarnumber uid", "आधार"),
  CPF("cpf", ""),
  NINO("nino nationalinsurance insurance ni", ""),
  SPANISH("dni nie nif", "");

  /** How many characters before the number are searched. */
  private static final int REACH = 32;

  private final List<String> words;
  private final List<String> parts;

  /**
   * @param words whole words, in lower case
   * @param parts texts that may stand anywhere, for languages that put no spaces between words
   */
  ContextWords(String words, String parts) {
    this.words = List.of(words.split(" "));
    this.parts = parts.isEmpty() ? List.of() : List.of(parts.split(" "));
  }

  /**
   * Whether one of the words occurs in the text just before {@code start}, or in {@code name}. A
   * mask ends the search, since its own words say nothing about what follows.
   */
  boolean precede(String text, int from, int start, String name) {
    int begin = Math.max(from, start - REACH);
    boolean words = false;
    for (int i = start - 1; i >= begin; i--) {
      char c = text.charAt(i);
      if (c == ']' || c == '\n') {
        begin = i + 1;
        break;
      }
      words |= Character.isLetter(c);
    }
    return (words && occurIn(text.substring(begin, start))) || (!name.isEmpty() && occurIn(name));
  }

  private boolean occurIn(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (String part : parts) {
      if (lower.contains(part)) {
        return true;
      }
    }
    for (String word : words) {
      for (int at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
        int end = at + word.length();
        if ((at == 0 || !Character.isLetter(lower.charAt(at - 1)))
            && (end == lower.length() || !Character.isLetter(lower.charAt(end)))) {
          return true;
        }
      }
    }
    return false;
  }
}
