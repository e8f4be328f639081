package dev.tallyspan.collector.auth;

import java.util.List;

/** Reads the secrets in files. Messages do not quote them. */
final class FileContent {

  private FileContent() {}

  /** Returns the lines that are not blank, without surrounding whitespace. */
  static List<String> lines(String content) {
    return content.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  /**
   * Returns the only secret, without surrounding whitespace.
   *
   * @throws IllegalArgumentException if there is none, or more than one line
   */
  static String single(String content) {
    String secret = content.strip();
    if (secret.isEmpty()) {
      throw new IllegalArgumentException("is empty");
    }
    if (secret.lines().count() > 1) {
      throw new IllegalArgumentException("has more than one line");
    }
    return secret;
  }

  /**
   * Returns the secret on the first line that is not blank.
   *
   * @throws IllegalArgumentException if there is none
   */
  static String first(String content) {
    List<String> lines = lines(content);
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("is empty");
    }
    return lines.get(0);
  }
}
