package dev.tallyspan.semconv.content;

import java.util.Locale;
import java.util.Set;

/** E-mail addresses, around an at sign. */
final class EmailAddress {

  private static final int LONGEST_LOCAL = 64;
  private static final int LONGEST_DOMAIN = 253;

  /** Endings of file names such as {@code logo@2x.png}, which are no top-level domains. */
  private static final Set<String> FILES =
      Set.of(
          "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "css", "js", "mjs", "json", "html",
          "xml", "yaml", "yml", "txt", "pdf", "java", "kt", "jar", "local", "lock", "toml", "tgz",
          "gz", "exe", "dll");

  private EmailAddress() {}

  /** Reports the address around the at sign; returns its end, or -1 if there is none. */
  static int at(String text, int from, int at, int to, Findings findings) {
    int start = at;
    int first = Math.max(from, at - LONGEST_LOCAL);
    while (start > first && isLocal(text.charAt(start - 1))) {
      start--;
    }
    while (start < at && !Character.isLetterOrDigit(text.charAt(start))) {
      start++;
    }
    if (start == at || text.charAt(at - 1) == '.') {
      return -1;
    }
    int end = domainEnd(text, at + 1, to);
    if (end < 0 || isRepository(text, start, at, end, to)) {
      return -1;
    }
    findings.found(start, end, StandardDetector.EMAIL.name());
    return end;
  }

  /** Where the domain ends: labels with dots, the last of which is a top-level domain; or -1. */
  private static int domainEnd(String text, int from, int to) {
    int last = Math.min(to, from + LONGEST_DOMAIN);
    int label = from;
    int end = -1;
    for (int i = from; i <= last; i++) {
      char c = i < last ? text.charAt(i) : ' ';
      if (isLabel(c)) {
        continue;
      }
      if (i == label || text.charAt(label) == '-') {
        break;
      }
      if (label > from && isTopLevel(text, label, i)) {
        end = i;
      }
      if (c != '.') {
        break;
      }
      label = i + 1;
    }
    return end;
  }

  private static boolean isTopLevel(String text, int from, int to) {
    if (to - from < 2 || to - from > 24) {
      return false;
    }
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!Character.isLetter(c) && (!text.startsWith("xn--", from) || i < from + 2)) {
        return false;
      }
    }
    return !FILES.contains(text.substring(from, to).toLowerCase(Locale.ROOT));
  }

  /** {@code git@github.com:owner/name}. */
  private static boolean isRepository(String text, int start, int at, int end, int to) {
    return at - start == 3 && text.startsWith("git", start) && end < to && text.charAt(end) == ':';
  }

  private static boolean isLocal(char c) {
    return CharClass.isWord(c)
        || ".!#$%&'*+/?^`{|}~-".indexOf(c) >= 0
        || (c >= 128 && Character.isLetterOrDigit(c));
  }

  private static boolean isLabel(char c) {
    return c == '-' || (c != '_' && CharClass.isWord(c)) || (c >= 128 && Character.isLetter(c));
  }
}
