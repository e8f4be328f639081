package dev.tallyspan.pricing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Decodes names from the path of a request: {@code arn%3Aaws%3Abedrock%3A...}. */
final class PercentEncoding {
  /** A gateway that builds a path from an encoded path encodes it again. */
  private static final int MOST_TIMES = 2;

  private PercentEncoding() {}

  /** Returns the decoded name, or null if the encoding is invalid. A plus stays a plus. */
  static @Nullable String decoded(String name) {
    String decoded = name;
    for (int i = 0; i < MOST_TIMES && decoded != null && decoded.indexOf('%') >= 0; i++) {
      decoded = decodedOnce(decoded);
    }
    return decoded;
  }

  private static @Nullable String decodedOnce(String name) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(name.length());
    byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < encoded.length; i++) {
      int next = encoded[i];
      if (next == '%') {
        int high = i + 2 < encoded.length ? Character.digit(encoded[i + 1], 16) : -1;
        int low = high < 0 ? -1 : Character.digit(encoded[i + 2], 16);
        next = low < 0 ? -1 : high << 4 | low;
        i += 2;
        if (next < ' ' || next == 0x7f) {
          return null;
        }
      }
      bytes.write(next);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
