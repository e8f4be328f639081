package dev.tallyspan.collector.sampling;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * OpenTelemetry's member {@code ot} of a W3C trace state: {@code ot=th:c;rv:6e6d1a75832a2f}.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otel/trace/tracestate-handling/">TraceState
 *     handling</a>
 */
public final class OtTraceState {

  private static final String MEMBER = "ot=";
  private static final String THRESHOLD = "th:";
  private static final String RANDOMNESS = "rv:";

  /** Thresholds and random values have 56 bits. */
  private static final int HEX_DIGITS = 14;

  private OtTraceState() {}

  /** Returns the sampling threshold, 0 to 2^56 - 1; -1 if there is none, or it is not valid. */
  public static long threshold(String traceState) {
    String digits = field(traceState, THRESHOLD);
    return digits == null || digits.length() > HEX_DIGITS
        ? -1
        : parse(digits + "0".repeat(HEX_DIGITS - digits.length()));
  }

  /** Returns the explicit random value, 0 to 2^56 - 1; -1 if there is none, or it is not valid. */
  public static long randomness(String traceState) {
    String digits = field(traceState, RANDOMNESS);
    return digits == null || digits.length() != HEX_DIGITS ? -1 : parse(digits);
  }

  /**
   * Returns the trace state with its threshold replaced.
   *
   * @param threshold 0 to 2^56 - 1
   */
  static String withThreshold(String traceState, long threshold) {
    List<String> members = new ArrayList<>();
    for (String member : traceState.split(",", -1)) {
      if (!member.strip().startsWith(MEMBER)) {
        members.add(member);
        continue;
      }
      int start = member.indexOf(MEMBER) + MEMBER.length();
      List<String> fields = new ArrayList<>();
      for (String field : member.substring(start).strip().split(";", -1)) {
        fields.add(field.startsWith(THRESHOLD) ? THRESHOLD + encode(threshold) : field);
      }
      members.add(member.substring(0, start) + String.join(";", fields));
    }
    return String.join(",", members);
  }

  /**
   * Returns the trace state with a threshold and a random value, in the first member, where W3C
   * wants the last one that changed. Other fields and members stay.
   *
   * @param threshold 0 to 2^56 - 1
   * @param randomness 0 to 2^56 - 1; -1 leaves it as it is
   */
  public static String sampled(String traceState, long threshold, long randomness) {
    List<String> fields = new ArrayList<>();
    if (randomness >= 0) {
      fields.add(RANDOMNESS + String.format("%014x", randomness));
    }
    fields.add(THRESHOLD + encode(threshold));
    List<String> others = new ArrayList<>();
    for (String member : traceState.isEmpty() ? new String[0] : traceState.split(",", -1)) {
      String stripped = member.strip();
      if (!stripped.startsWith(MEMBER)) {
        others.add(member);
        continue;
      }
      for (String field : stripped.substring(MEMBER.length()).split(";")) {
        boolean replaced =
            field.startsWith(THRESHOLD) || randomness >= 0 && field.startsWith(RANDOMNESS);
        if (!replaced && !field.isEmpty()) {
          fields.add(field);
        }
      }
    }
    others.add(0, MEMBER + String.join(";", fields));
    return String.join(",", others);
  }

  /** Trailing zeros are left out, except that 0 is a single one. */
  static String encode(long threshold) {
    String digits = String.format("%014x", threshold);
    int end = digits.length();
    while (end > 1 && digits.charAt(end - 1) == '0') {
      end--;
    }
    return digits.substring(0, end);
  }

  private static @Nullable String field(String traceState, String name) {
    int at = traceState.indexOf(MEMBER);
    if (at < 0) {
      return null; // the usual case
    }
    for (String member : traceState.split(",")) {
      String stripped = member.strip();
      if (stripped.startsWith(MEMBER)) {
        for (String field : stripped.substring(MEMBER.length()).split(";")) {
          if (field.startsWith(name)) {
            return field.substring(name.length());
          }
        }
      }
    }
    return null;
  }

  private static long parse(String digits) {
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = Character.digit(digits.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }
}
