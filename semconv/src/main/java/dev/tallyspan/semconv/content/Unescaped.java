package dev.tallyspan.semconv.content;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A text without its escapes, and where each of its characters was. */
final class Unescaped {

  private final String text;
  private final int[] origins;

  private Unescaped(String text, int[] origins) {
    this.text = text;
    this.origins = origins;
  }

  /** The text without escapes of any depth; null if it has none. */
  static @Nullable Unescaped of(String source) {
    StringBuilder plain = new StringBuilder(source.length());
    int[] origins = new int[source.length() + 1];
    int at = 0;
    boolean changed = false;
    while (at < source.length()) {
      origins[plain.length()] = at;
      char c = source.charAt(at);
      if (c != '\\') {
        plain.append(c);
        at++;
        continue;
      }
      int slashes = at;
      while (slashes < source.length() && source.charAt(slashes) == '\\') {
        slashes++;
      }
      at = slashes;
      changed = true;
      if (slashes == source.length()) {
        break;
      }
      char escaped = source.charAt(slashes);
      int unit = escaped == 'u' ? unit(source, slashes + 1, 4) : -1;
      unit = escaped == 'x' ? unit(source, slashes + 1, 2) : unit;
      if (unit >= 0) {
        plain.append((char) unit);
        at += escaped == 'u' ? 5 : 3;
      } else {
        plain.append(
            switch (escaped) {
              case 'n', 'r', 't', 'b', 'f' -> ' ';
              default -> escaped;
            });
        at++;
      }
    }
    if (!changed) {
      return null;
    }
    origins[plain.length()] = source.length();
    return new Unescaped(plain.toString(), Arrays.copyOf(origins, plain.length() + 1));
  }

  /** The number that these hexadecimal digits write; -1 if they are none. */
  static int unit(String text, int at, int digits) {
    if (at + digits > text.length()) {
      return -1;
    }
    int unit = 0;
    for (int i = at; i < at + digits; i++) {
      int digit = Character.digit(text.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      unit = unit * 16 + digit;
    }
    return unit;
  }

  String text() {
    return text;
  }

  /** Where the character, or the end, was in the source. */
  int origin(int index) {
    return origins[index];
  }
}
