package dev.tallyspan.collector.auth;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the users of a file made by {@code htpasswd}. Passwords may be bcrypt hashes ({@code
 * htpasswd -B}), SHA-1 hashes ({@code {SHA}}, {@code {SSHA}}), or plain text.
 */
final class Htpasswd {

  /** Formats that the Collector reads and Tallyspan does not. */
  private static final List<String> UNSUPPORTED = List.of("$apr1$", "$1$", "$5$", "$6$");

  private static final int SHA1_BYTES = 20;

  private Htpasswd() {}

  /**
   * Returns the passwords by user name. If a user has several, the last one counts.
   *
   * @param where names the source in messages
   * @throws IllegalArgumentException if a line is not {@code user:password}, or has a hash that is
   *     not supported; the message has the number of the line, and nothing of its content
   */
  static Map<String, StoredPassword> parse(String content, String where) {
    Map<String, StoredPassword> users = new LinkedHashMap<>();
    List<String> lines = new ArrayList<>(content.lines().toList());
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int colon = line.indexOf(':');
      if (colon <= 0 || colon == line.length() - 1) {
        throw new IllegalArgumentException(where + ": line " + (i + 1) + " is not user:password");
      }
      try {
        users.put(line.substring(0, colon), password(line.substring(colon + 1)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(where + ": line " + (i + 1) + " " + e.getMessage(), e);
      }
    }
    return users;
  }

  private static StoredPassword password(String text) {
    for (String prefix : UNSUPPORTED) {
      if (text.startsWith(prefix)) {
        throw new IllegalArgumentException(
            "has a hash that is not supported (" + prefix + "): make it with htpasswd -B");
      }
    }
    if (text.startsWith("{SHA}")) {
      return sha(text.substring(5), /* salted= */ false);
    }
    if (text.startsWith("{SSHA}")) {
      return sha(text.substring(6), /* salted= */ true);
    }
    return text.matches("\\$2[abxy]?\\$.*")
        ? StoredPassword.Bcrypt.of(text)
        : new StoredPassword.Plain(text);
  }

  private static StoredPassword sha(String base64, boolean salted) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("has a hash that is not base64", e);
    }
    if (salted ? bytes.length <= SHA1_BYTES : bytes.length != SHA1_BYTES) {
      throw new IllegalArgumentException("has a SHA-1 hash of the wrong length");
    }
    return StoredPassword.Sha1.of(bytes, SHA1_BYTES);
  }
}
