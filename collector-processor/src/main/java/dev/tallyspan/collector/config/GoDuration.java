package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads durations in the format of Go: {@code 200ms}, {@code 1h30m}, {@code 1.5s}, {@code 0}.
 *
 * @see <a href="https://pkg.go.dev/time#ParseDuration">Go, time.ParseDuration</a>
 */
final class GoDuration {
  private static final Pattern WHOLE =
      Pattern.compile("([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "μs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private GoDuration() {}

  /** Returns null if the text is not a duration, is negative, or is longer than Go's 292 years. */
  static @Nullable Duration parse(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    if (text.length() > 64) {
      return null;
    }
    Matcher matcher = WHOLE.matcher(text);
    BigDecimal nanos = BigDecimal.ZERO;
    int at = 0;
    while (at < text.length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        return null;
      }
      BigDecimal unit = BigDecimal.valueOf(requireNonNull(NANOS.get(matcher.group(3))));
      nanos = nanos.add(number(matcher.group(1)).multiply(unit));
      at = matcher.end();
    }
    boolean fits = nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
    return at == 0 || !fits ? null : Duration.ofNanos(nanos.longValue());
  }

  /** Go accepts {@code 1.}, {@code .5} and {@code 1.5}. */
  private static BigDecimal number(String text) {
    String whole = text.startsWith(".") ? "0" + text : text;
    return new BigDecimal(whole.endsWith(".") ? whole + "0" : whole);
  }
}
