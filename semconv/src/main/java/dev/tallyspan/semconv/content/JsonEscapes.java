package dev.tallyspan.semconv.content;

/** The escapes of JSON strings, and those of Python's. */
final class JsonEscapes {

  private JsonEscapes() {}

  /**
   * Appends what the string says that is written in this range.
   *
   * @param quote the quotation mark around it
   */
  static void decode(String text, int start, int end, char quote, StringBuilder out) {
    int i = start;
    while (i < end) {
      int escape = text.indexOf('\\', i);
      if (escape < 0 || escape >= end - 1) {
        out.append(text, i, end);
        return;
      }
      out.append(text, i, escape);
      char escaped = text.charAt(escape + 1);
      i = escape + 2;
      int digits = escaped == 'u' ? 4 : escaped == 'x' && quote == '\'' ? 2 : 0;
      int unit = digits > 0 && i + digits <= end ? Unescaped.unit(text, i, digits) : -1;
      if (unit >= 0) {
        out.append((char) unit);
        i += digits;
      } else {
        out.append(character(escaped));
      }
    }
  }

  private static char character(char escaped) {
    return switch (escaped) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'f' -> '\f';
      default -> escaped;
    };
  }
}
