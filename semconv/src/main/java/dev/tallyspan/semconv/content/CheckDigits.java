package dev.tallyspan.semconv.content;

/**
 * Check digits of numbers that people have. All methods take characters that the caller has checked
 * to be digits, or upper-case letters where these are allowed.
 */
final class CheckDigits {

  /** The multiplication table of the dihedral group D5, as in Verhoeff's method. */
  private static final String[] VERHOEFF_PRODUCT = {
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"
  };

  private static final String[] VERHOEFF_PERMUTATION = {
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258"
  };

  private static final String SPANISH_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";

  /** Values of characters at odd positions of an Italian codice fiscale, from 0 to 9, A to Z. */
  private static final int[] ITALIAN_ODD = {
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8,
    12, 14, 16, 10, 22, 25, 24, 23
  };

  private CheckDigits() {}

  /** Payment cards. */
  static boolean luhn(CharSequence digits) {
    int sum = 0;
    boolean twice = false;
    for (int i = digits.length() - 1; i >= 0; i--) {
      int digit = digits.charAt(i) - '0';
      if (twice) {
        digit = digit > 4 ? digit * 2 - 9 : digit * 2;
      }
      sum += digit;
      twice = !twice;
    }
    return sum % 10 == 0;
  }

  /** Aadhaar numbers. */
  static boolean verhoeff(CharSequence digits) {
    int check = 0;
    int length = digits.length();
    for (int i = 0; i < length; i++) {
      int digit = digits.charAt(length - 1 - i) - '0';
      int permuted = VERHOEFF_PERMUTATION[i % 8].charAt(digit) - '0';
      check = VERHOEFF_PRODUCT[check].charAt(permuted) - '0';
    }
    return check == 0;
  }

  /** International bank account numbers: digits and upper-case letters. */
  static boolean iban(CharSequence account) {
    int rest = 0;
    int length = account.length();
    for (int i = 0; i < length; i++) {
      char c = account.charAt((i + 4) % length);
      rest = c <= '9' ? (rest * 10 + c - '0') % 97 : (rest * 100 + c - 'A' + 10) % 97;
    }
    return rest == 1;
  }

  /**
   * German tax ids: eleven digits by ISO 7064 (mod 11, 10). Of the first ten, one digit occurs
   * twice or three times, and all others at most once.
   */
  static boolean steuerId(CharSequence digits) {
    if (digits.length() != 11 || digits.charAt(0) == '0') {
      return false;
    }
    int[] times = new int[10];
    int product = 10;
    for (int i = 0; i < 10; i++) {
      int digit = digits.charAt(i) - '0';
      times[digit]++;
      int sum = (digit + product) % 10;
      product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    int repeated = 0;
    for (int count : times) {
      if (count > 3) {
        return false;
      }
      repeated += count > 1 ? 1 : 0;
    }
    return repeated == 1 && (11 - product) % 10 == digits.charAt(10) - '0';
  }

  /** Brazilian taxpayer numbers: eleven digits, the last two of which are check digits. */
  static boolean cpf(CharSequence digits) {
    if (digits.length() != 11 || allEqual(digits)) {
      return false;
    }
    return cpfDigit(digits, 9) == digits.charAt(9) - '0'
        && cpfDigit(digits, 10) == digits.charAt(10) - '0';
  }

  private static int cpfDigit(CharSequence digits, int length) {
    int sum = 0;
    for (int i = 0; i < length; i++) {
      sum += (digits.charAt(i) - '0') * (length + 1 - i);
    }
    int rest = sum * 10 % 11;
    return rest == 10 ? 0 : rest;
  }

  /**
   * French social security numbers: 15 characters, digits but for the departments 2A and 2B. Sex,
   * year, month, department, commune, order, key.
   */
  static boolean nir(CharSequence number) {
    if (number.length() != 15) {
      return false;
    }
    long value = 0;
    long taken = 0;
    for (int i = 0; i < 13; i++) {
      char c = number.charAt(i);
      if (i == 6 && (c == 'A' || c == 'B')) {
        if (number.charAt(5) != '2') {
          return false;
        }
        taken = c == 'A' ? 1_000_000 : 2_000_000;
        c = '0';
      }
      if (c < '0' || c > '9') {
        return false;
      }
      value = value * 10 + c - '0';
    }
    char sex = number.charAt(0);
    int month = (number.charAt(3) - '0') * 10 + number.charAt(4) - '0';
    boolean monthFits = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
    char tens = number.charAt(13);
    char ones = number.charAt(14);
    if (tens < '0' || tens > '9' || ones < '0' || ones > '9' || (sex != '1' && sex != '2')) {
      return false;
    }
    int key = (tens - '0') * 10 + ones - '0';
    return monthFits && key == 97 - (value - taken) % 97;
  }

  /** The letter of a Spanish DNI (eight digits) or, with X, Y or Z read as 0, 1 or 2, of a NIE. */
  static char spanishLetter(CharSequence eightDigits) {
    int number = 0;
    for (int i = 0; i < 8; i++) {
      number = number * 10 + eightDigits.charAt(i) - '0';
    }
    return SPANISH_LETTERS.charAt(number % 23);
  }

  /** Italian tax codes: 16 upper-case letters and digits, whose last letter is a check. */
  static boolean codiceFiscale(CharSequence code) {
    if (code.length() != 16) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < 15; i++) {
      char c = code.charAt(i);
      boolean digitPlace = i == 6 || i == 7 || i == 9 || i == 10 || i >= 12;
      boolean digit = c >= '0' && c <= '9';
      boolean letter = c >= 'A' && c <= 'Z';
      // Where two people would have the same code, letters replace digits.
      boolean standsForDigit = letter && "LMNPQRSTUV".indexOf(c) >= 0;
      if (digitPlace ? !digit && !standsForDigit : !letter) {
        return false;
      }
      int index = digit ? c - '0' : c - 'A';
      sum += i % 2 == 0 ? ITALIAN_ODD[digit ? index : index + 10] : index;
    }
    return code.charAt(15) == 'A' + sum % 26;
  }

  static boolean allEqual(CharSequence digits) {
    for (int i = 1; i < digits.length(); i++) {
      if (digits.charAt(i) != digits.charAt(0)) {
        return false;
      }
    }
    return true;
  }
}
