package dev.tallyspan.collector.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces {@code ${env:NAME}}, {@code ${env:NAME:-default}}, {@code ${NAME}} and {@code
 * ${file:path}} in values, and {@code $$} by a single dollar sign. References can be nested.
 *
 * @see <a
 *     href="https://opentelemetry.io/docs/collector/configuration/#environment-variables">Collector,
 *     environment variables</a>
 */
final class Substitution {
  private static final int MAX_DEPTH = 10;
  private static final String DEFAULT = ":-";

  /** Capital letters, as variables have: {@code $} is also part of regular expressions. */
  private static final Pattern BARE =
      Pattern.compile("(?<!\\$)\\$(?:\\$\\$)*([A-Z_][A-Z0-9_]{2,})");

  private final Map<String, String> env;

  Substitution(Map<String, String> env) {
    this.env = env;
  }

  /** Returns the environment variables that values may refer to. */
  Map<String, String> environment() {
    return env;
  }

  /**
   * @throws IllegalArgumentException if a reference has no value; the message contains no values
   */
  String expand(String text) {
    return expand(text, 0);
  }

  /**
   * Returns the name in {@code $NAME}, which older Collectors have expanded; null if the text has
   * none.
   */
  static @Nullable String bare(String text) {
    Matcher matcher = BARE.matcher(text);
    return matcher.find() ? matcher.group(1) : null;
  }

  private String expand(String text, int depth) {
    if (text.indexOf('$') < 0) {
      return text;
    }
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("references are nested more than " + MAX_DEPTH + " deep");
    }
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith("$$", at)) {
        out.append('$');
        at += 2;
      } else if (text.startsWith("${", at)) {
        int end = end(text, at + 2);
        out.append(resolve(expand(text.substring(at + 2, end), depth + 1)));
        at = end + 1;
      } else {
        out.append(text.charAt(at++));
      }
    }
    return out.toString();
  }

  /** Returns the index of the brace that closes the one before {@code from}. */
  private static int end(String text, int from) {
    int open = 1;
    for (int i = from; i < text.length(); i++) {
      if (text.startsWith("${", i)) {
        open++;
      } else if (text.charAt(i) == '}' && --open == 0) {
        return i;
      }
    }
    throw new IllegalArgumentException("${ has no closing brace; write $$ for a dollar sign");
  }

  private String resolve(String reference) {
    if (reference.startsWith("file:")) {
      return file(reference.substring("file:".length()));
    }
    String rest = reference.startsWith("env:") ? reference.substring("env:".length()) : reference;
    int split = rest.indexOf(DEFAULT);
    String name = split < 0 ? rest : rest.substring(0, split);
    if (name.matches("[A-Za-z][A-Za-z0-9+.-]*:.*")) {
      throw new IllegalArgumentException(
          "${" + name.substring(0, name.indexOf(':')) + ":...} is not supported: use env or file");
    }
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException("${" + name + "}: not a valid variable name");
    }
    String value = env.get(name);
    if (value != null && !(value.isEmpty() && split >= 0)) {
      return value;
    }
    if (split < 0) {
      throw new IllegalArgumentException(
          "environment variable "
              + name
              + " is not set: set it, or give a default as ${env:"
              + name
              + ":-default}");
    }
    return rest.substring(split + DEFAULT.length());
  }

  private static String file(String path) {
    try {
      return Files.readString(Path.of(path), StandardCharsets.UTF_8).stripTrailing();
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException("${file:" + path + "}: the file cannot be read");
    }
  }
}
