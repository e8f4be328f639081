package dev.tallyspan.semconv.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Secrets and personal data that nobody has, made deterministically. Check digits are computed here
 * by other means than in the code under test: by trying until the definition holds.
 */
final class PlantedValues {

  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
  private static final String ALNUM = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

  private final Random random;

  PlantedValues(long seed) {
    random = new Random(seed);
  }

  int pick(int bound) {
    return random.nextInt(bound);
  }

  String of(String alphabet, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  String digits(int length) {
    return of("0123456789", length);
  }

  private String one(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /**
   * The prefixes are written in two parts, so that scanners of repositories do not see keys here.
   */
  List<String> keys() {
    return List.of(
        "s" + "k-" + of(ALNUM, 47) + "4",
        "s" + "k-proj-" + of(ALNUM, 20) + "_" + of(ALNUM, 60) + "7",
        "s" + "k-ant-api03-" + of(ALNUM, 90) + "-" + of(ALNUM, 5) + "8",
        "AI" + "za" + of(ALNUM, 34) + "5",
        "AK" + "IA" + of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 14) + "Q7",
        "g" + "hp_" + of(ALNUM, 35) + "3",
        "git" + "hub_pat_" + of(ALNUM, 22) + "_" + of(ALNUM, 58) + "2",
        "xo" + "xb-" + digits(12) + "-" + digits(12) + "-" + of(ALNUM, 24),
        "sk" + "_live_" + of(ALNUM, 23) + "6",
        "h" + "f_" + of(ALNUM, 33) + "9",
        "gl" + "pat-" + of(ALNUM, 19) + "2",
        "g" + "sk_" + of(ALNUM, 51) + "5");
  }

  String jwt() {
    return "ey" + "JhbGciOiJIUzI1NiJ9.ey" + "J" + of(ALNUM, 60) + "." + of(ALNUM, 43);
  }

  String pem() {
    StringBuilder key = new StringBuilder("-----BEGIN RSA PRIVATE " + "KEY-----\n");
    for (int i = 0; i < 6; i++) {
      key.append(of(ALNUM + "+/", 64)).append('\n');
    }
    return key.append("-----END RSA PRIVATE " + "KEY-----").toString();
  }

  String password() {
    return of(LETTERS, 4) + of("!$%*", 1) + digits(3) + of("ABCDEFGH", 3);
  }

  String email() {
    String name = one("anna", "jose", "li.wei", "priya_k", "max-m", "o.brien", "fatima");
    return name
        + digits(2)
        + one("+billing", "", "")
        + "@"
        + of(LETTERS, 6)
        + one(".com", ".de", ".co.uk", ".fr", ".io", ".org", ".com.br");
  }

  String phone(String country) {
    return switch (country) {
      case "us" -> one("(415) ", "415-", "+1 415 ") + "5" + digits(2) + one("-", "-") + digits(4);
      case "de" -> one("+49 171 ", "0171 ", "+49 (0)30 ", "030/") + "4" + digits(6);
      case "fr" ->
          one("+33 6 ", "06 ") + digits(2) + " " + digits(2) + " " + digits(2) + " " + digits(2);
      case "uk" -> one("+44 20 7", "020 7") + digits(3) + " " + digits(4);
      case "es" -> "+34 6" + digits(2) + " " + digits(3) + " " + digits(3);
      case "it" -> "+39 34" + digits(1) + " " + digits(7);
      case "in" -> "+91 98" + digits(3) + " " + digits(5);
      case "cn" -> one("+86 ", "") + "138-" + digits(4) + "-" + digits(4);
      case "jp" -> one("+81 90-", "090-") + digits(4) + "-" + digits(4);
      case "br" -> "(11) 9" + digits(4) + "-" + digits(4);
      default -> throw new IllegalArgumentException(country);
    };
  }

  String card() {
    String prefix = one("4539", "4716", "5301", "5412", "6011", "3528");
    while (true) {
      String number = prefix + digits(12);
      int sum = 0;
      for (int i = 0; i < 16; i++) {
        int digit = number.charAt(i) - '0';
        int weighted = i % 2 == 0 ? 2 * digit : digit;
        sum += weighted / 10 + weighted % 10;
      }
      if (sum % 10 == 0) {
        String separator = one(" ", "-", "");
        return String.join(
            separator,
            number.substring(0, 4),
            number.substring(4, 8),
            number.substring(8, 12),
            number.substring(12));
      }
    }
  }

  String iban() {
    String country = one("DE", "GB", "FR", "ES", "NL");
    String account =
        switch (country) {
          case "DE" -> digits(18);
          case "GB" -> of("ABCDEFGHIJ", 4) + digits(14);
          case "FR" -> digits(23);
          case "ES" -> digits(20);
          default -> of("ABCDEFGHIJ", 4) + digits(10);
        };
    for (int check = 2; ; check++) {
      String digits = String.format(Locale.ROOT, "%02d", check);
      StringBuilder moved = new StringBuilder();
      for (char c : (account + country + digits).toCharArray()) {
        moved.append(Character.getNumericValue(c));
      }
      if (new java.math.BigInteger(moved.toString())
              .mod(java.math.BigInteger.valueOf(97))
              .intValue()
          == 1) {
        String whole = country + digits + account;
        return pick(2) == 0 ? whole : whole.replaceAll("(.{4})(?!$)", "$1 ");
      }
    }
  }

  String ssn() {
    return "4" + digits(2) + "-2" + (1 + pick(9)) + "-1" + digits(3);
  }

  String nino() {
    String letters = one("AB", "CE", "JG", "WK", "LR");
    String suffix = one("A", "B", "C", "D");
    return pick(2) == 0
        ? letters + digits(6) + suffix
        : letters + " " + digits(2) + " " + digits(2) + " " + digits(2) + " " + suffix;
  }

  String dni() {
    String number = digits(8);
    char letter = "TRWAGMYFPDXBNJZSQVHLCKE".charAt(Integer.parseInt(number) % 23);
    return pick(2) == 0 ? number + letter : number + "-" + letter;
  }

  String nir() {
    String number =
        one("1", "2")
            + digits(2)
            + one("01", "06", "11")
            + one("75", "13", "69")
            + digits(3)
            + digits(3);
    long key = 97 - Long.parseLong(number) % 97;
    String whole = number + String.format(Locale.ROOT, "%02d", key);
    return pick(2) == 0
        ? whole
        : whole.replaceAll("(.)(..)(..)(..)(...)(...)(..)", "$1 $2 $3 $4 $5 $6 $7");
  }

  String cpf() {
    while (true) {
      int[] d = new int[11];
      for (int i = 0; i < 9; i++) {
        d[i] = pick(10);
      }
      for (int n = 9; n < 11; n++) {
        int sum = 0;
        for (int i = 0; i < n; i++) {
          sum += d[i] * (n + 1 - i);
        }
        d[n] = sum % 11 < 2 ? 0 : 11 - sum % 11;
      }
      StringBuilder text = new StringBuilder();
      for (int digit : d) {
        text.append(digit);
      }
      return text.toString().replaceAll("(...)(...)(...)(..)", "$1.$2.$3-$4");
    }
  }

  /** Published examples of numbers whose check digits are not simple sums. */
  List<String> examples() {
    List<String> examples = new ArrayList<>();
    examples.addAll(List.of("36574261809", "36 574 261 809", "86095742719")); // German Steuer-ID
    examples.addAll(List.of("RCCMNL83S18D969H", "RSSMRA85T10A562S")); // Italian codice fiscale
    examples.addAll(List.of("2341 2341 2346", "2341-2341-2346")); // Aadhaar
    examples.addAll(List.of("X2482300W", "X1234567L")); // Spanish NIE
    examples.addAll(List.of("2 53 07 2B 073 004 70")); // French NIR, Corsica
    return examples;
  }
}
