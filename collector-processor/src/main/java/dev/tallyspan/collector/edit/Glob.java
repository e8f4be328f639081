package dev.tallyspan.collector.edit;

/** Patterns for whole texts, as shells have them for the names of files. */
final class Glob {

  private Glob() {}

  /**
   * Returns an expression for the texts that a pattern stands for: {@code *} any characters, {@code
   * ?} one, {@code [a-z]} one of these, {@code [!a]} one that is not, {@code {a,b}} either of
   * these, {@code \} the next character itself.
   *
   * @throws IllegalArgumentException if a bracket or brace is not closed
   */
  static GoRegex compile(String glob) {
    StringBuilder regex = new StringBuilder("^(?s:");
    int braces = 0;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        case '[' -> {
          int end = glob.indexOf(']', i + 2);
          if (end < 0) {
            throw new IllegalArgumentException("not a pattern: [ is not closed");
          }
          boolean not = glob.charAt(i + 1) == '!';
          regex.append(not ? "[^" : "[").append(glob, not ? i + 2 : i + 1, end).append(']');
          i = end;
        }
        case '{' -> {
          braces++;
          regex.append("(?:");
        }
        case '}' -> {
          if (--braces < 0) {
            throw new IllegalArgumentException("not a pattern: } without {");
          }
          regex.append(')');
        }
        case ',' -> regex.append(braces > 0 ? '|' : ',');
        case '\\' -> {
          if (++i < glob.length()) {
            literal(regex, glob.charAt(i));
          }
        }
        default -> literal(regex, c);
      }
    }
    if (braces > 0) {
      throw new IllegalArgumentException("not a pattern: { is not closed");
    }
    return GoRegex.compile(regex.append(")$").toString());
  }

  private static void literal(StringBuilder regex, char c) {
    if (c < 0x80 && !Character.isLetterOrDigit(c)) {
      regex.append('\\');
    }
    regex.append(c);
  }
}
