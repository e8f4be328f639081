package dev.tallyspan.semconv.content;

import static dev.tallyspan.semconv.content.CharClass.isDigit;
import static dev.tallyspan.semconv.content.CharClass.isWord;

/** IP addresses, but for the loopback and unspecified ones. */
final class IpAddresses {

  private static final String IP_ADDRESS = StandardDetector.IP_ADDRESS.name();
  private static final int LONGEST = 45;

  private IpAddresses() {}

  /** Reports the IPv4 address that starts here; returns its end, or -1 if there is none. */
  static int at(String text, int from, int at, int to, Findings findings) {
    if (at > from && (text.charAt(at - 1) == '.' || text.charAt(at - 1) == '-')) {
      return -1;
    }
    int next = at;
    for (int part = 0; part < 4; part++) {
      int value = 0;
      int start = next;
      while (next < to && next - start < 3 && isDigit(text.charAt(next))) {
        value = value * 10 + text.charAt(next++) - '0';
      }
      boolean leadingZero = next - start > 1 && text.charAt(start) == '0';
      if (next == start || value > 255 || leadingZero) {
        return -1;
      }
      if (part < 3) {
        if (next == to || text.charAt(next) != '.') {
          return -1;
        }
        next++;
      }
    }
    boolean goesOn =
        next < to
            && (isWord(text.charAt(next))
                || (text.charAt(next) == '.' && next + 1 < to && isDigit(text.charAt(next + 1))));
    if (goesOn) {
      return -1;
    }
    return report(text, at, next, findings);
  }

  /** Reports the IPv6 address around this colon; returns its end, or -1 if there is none. */
  static int aroundColon(String text, int from, int colon, int to, Findings findings) {
    int start = colon;
    while (start > from && start > colon - 4 && isHex(text.charAt(start - 1))) {
      start--;
    }
    if (start > from && (isWord(text.charAt(start - 1)) || text.charAt(start - 1) == ':')) {
      return -1;
    }
    int end = colon;
    int colons = 0;
    int doubles = 0;
    int run = 0;
    int limit = Math.min(to, start + LONGEST);
    while (end < limit && (isHex(text.charAt(end)) || text.charAt(end) == ':')) {
      boolean isColon = text.charAt(end) == ':';
      if (isColon) {
        colons++;
        doubles += end > start && text.charAt(end - 1) == ':' ? 1 : 0;
      }
      run = isColon ? 0 : run + 1;
      if (run > 4) {
        return -1;
      }
      end++;
    }
    if (end < to && isWord(text.charAt(end))) {
      return -1;
    }
    boolean whole = doubles == 0 && colons == 7;
    boolean shortened = doubles == 1 && colons >= 2 && colons <= 7 && end - start > 4;
    return whole || shortened ? report(text, start, end, findings) : -1;
  }

  private static int report(String text, int start, int end, Findings findings) {
    String address = text.substring(start, end);
    if (!address.startsWith("127.") && !address.equals("0.0.0.0") && !address.equals("::1")) {
      findings.found(start, end, IP_ADDRESS);
    }
    return end;
  }

  private static boolean isHex(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }
}
