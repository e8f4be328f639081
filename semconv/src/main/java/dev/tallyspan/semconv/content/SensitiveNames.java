package dev.tallyspan.semconv.content;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names whose values are secret whatever they look like: members of JSON objects, segments of
 * attribute keys, names in assignments. Compared without case and without separators, so that
 * {@code apiKey}, {@code API_KEY} and {@code X-Api-Key} are the same.
 */
final class SensitiveNames {

  /** A name that is secret only if its value looks like a secret. */
  static final String TOKEN = "token";

  private static final String SECRET = StandardDetector.SECRET.name();
  private static final String NATIONAL_ID = StandardDetector.NATIONAL_ID.name();

  private static final int LONGEST = 48;

  /** Names that are secret also at the end of a longer one, as in {@code db_password}. */
  private static final Set<String> SUFFIXES =
      Set.of(
          "password",
          "passwd",
          "passphrase",
          "passwort",
          "kennwort",
          "contraseña",
          "contrasena",
          "motdepasse",
          "senha",
          "wachtwoord",
          "hasło",
          "пароль",
          "密码",
          "密碼",
          "口令",
          "パスワード",
          "비밀번호",
          "पासवर्ड",
          "كلمةالمرور",
          "secret",
          "apikey",
          "apitoken",
          "accesstoken",
          "refreshtoken",
          "authtoken",
          "oauthtoken",
          "sessiontoken",
          "bearertoken",
          "idtoken",
          "secretkey",
          "privatekey",
          "accesskey",
          "accountkey",
          "signingkey",
          "encryptionkey",
          "masterkey",
          "authorization",
          "cookie",
          "connectionstring",
          "clientsecret");

  private static final Set<String> SECRETS =
      Set.of(
          "pwd",
          "pin",
          "cvv",
          "cvc",
          "cvv2",
          "cvc2",
          "securitycode",
          "otp",
          "credential",
          "credentials",
          "dbpwd",
          "userpwd");

  private static final Set<String> IDS =
      Set.of(
          "ssn",
          "socialsecuritynumber",
          "nationalid",
          "nationalidnumber",
          "passportnumber",
          "passportno",
          "nino",
          "steuerid",
          "taxid",
          "aadhaar",
          "aadhaarnumber",
          "codicefiscale",
          "cpf");

  /** {@link #SUFFIXES} by their last letters; those outside of ASCII are at 0. */
  private static final String[][] SUFFIXES_BY_LAST = suffixesByLast();

  /** The last letters of all names above: most other names end differently. */
  private static final boolean[] LAST = lastLetters();

  private SensitiveNames() {}

  private static String[][] suffixesByLast() {
    String[][] byLast = new String[128][];
    for (int last = 0; last < byLast.length; last++) {
      int index = last;
      byLast[last] =
          SUFFIXES.stream().filter(suffix -> indexOfLast(suffix) == index).toArray(String[]::new);
    }
    return byLast;
  }

  private static int indexOfLast(String name) {
    char last = name.charAt(name.length() - 1);
    return last < 128 ? last : 0;
  }

  private static boolean[] lastLetters() {
    boolean[] last = new boolean[128];
    for (Set<String> names : Set.of(SUFFIXES, SECRETS, IDS)) {
      for (String name : names) {
        char end = name.charAt(name.length() - 1);
        if (end < 128) {
          last[end] = true;
        }
      }
    }
    return last;
  }

  /** Whether a name that says something may have this last letter. */
  static boolean mayEndWith(char last) {
    char end = Character.toLowerCase(last);
    return end >= 128 || LAST[end];
  }

  /** The kind of the values that have this name; null if the name says nothing. */
  static @Nullable String kind(String name) {
    return kind(name, 0, name.length());
  }

  /** The kind of the values that have the name in this range of a text. */
  static @Nullable String kind(String text, int from, int to) {
    if (to <= from || to - from > LONGEST) {
      return null;
    }
    if (!mayEndWith(text.charAt(to - 1))) {
      return null;
    }
    StringBuilder plain = new StringBuilder(to - from);
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (Character.isLetterOrDigit(c)) {
        plain.append(Character.toLowerCase(c));
      }
    }
    String name = plain.toString();
    if (IDS.contains(name)) {
      return NATIONAL_ID;
    }
    if (SECRETS.contains(name)) {
      return SECRET;
    }
    if (!name.isEmpty()) {
      for (String suffix : SUFFIXES_BY_LAST[indexOfLast(name)]) {
        if (name.endsWith(suffix)) {
          return SECRET;
        }
      }
    }
    return null;
  }

  /**
   * Whether a value with the name {@code token} is one: tokens of texts, as models count them, have
   * the same name.
   */
  static boolean isToken(String name, String value) {
    if (!name.equalsIgnoreCase(TOKEN) || value.length() < 16) {
      return false;
    }
    boolean digit = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c <= ' ') {
        return false;
      }
      digit |= c >= '0' && c <= '9';
    }
    return digit;
  }
}
