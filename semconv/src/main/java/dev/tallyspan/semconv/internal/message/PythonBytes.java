package dev.tallyspan.semconv.internal.message;

import java.io.ByteArrayOutputStream;
import java.util.Base64;

/** Bytes as Python prints them: {@code b'\x89PNG'}. */
final class PythonBytes {

  private PythonBytes() {}

  static boolean isPrinted(String text) {
    int last = text.length() - 1;
    return last > 1
        && text.charAt(0) == 'b'
        && (text.charAt(1) == '\'' || text.charAt(1) == '"')
        && text.charAt(last) == text.charAt(1);
  }

  /** The same bytes as base64. */
  static String base64(String printed) {
    int end = printed.length() - 1;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(printed.length());
    for (int i = 2; i < end; i++) {
      char c = printed.charAt(i);
      if (c != '\\' || i + 1 == end) {
        bytes.write(c);
        continue;
      }
      char escaped = printed.charAt(++i);
      int high = i + 2 < end ? Character.digit(printed.charAt(i + 1), 16) : -1;
      int low = i + 2 < end ? Character.digit(printed.charAt(i + 2), 16) : -1;
      if (escaped == 'x' && high >= 0 && low >= 0) {
        bytes.write(high * 16 + low);
        i += 2;
      } else {
        bytes.write(
            switch (escaped) {
              case 'n' -> '\n';
              case 'r' -> '\r';
              case 't' -> '\t';
              default -> escaped;
            });
      }
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
