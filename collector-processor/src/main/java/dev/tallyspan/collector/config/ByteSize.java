package dev.tallyspan.collector.config;

import java.util.Map;
import java.util.Map.Entry;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads sizes: a whole number of bytes, or a whole number with a binary unit: {@code 64MiB}. */
final class ByteSize {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,18})(KiB|MiB|GiB|TiB)?");

  /** The numbers of bits to shift by. */
  private static final Map<String, Integer> UNITS =
      Map.of("KiB", 10, "MiB", 20, "GiB", 30, "TiB", 40);

  private ByteSize() {}

  /** Returns the number of bytes; null if the text is not a size, or is 4 EiB or larger. */
  static @Nullable Long parse(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    long number = Long.parseLong(matcher.group(1));
    int shift = matcher.group(2) == null ? 0 : UNITS.getOrDefault(matcher.group(2), 0);
    return number >= 1L << (62 - shift) ? null : number << shift;
  }

  /** Writes a size with the largest unit that keeps it whole. */
  static String show(long bytes) {
    return UNITS.entrySet().stream()
        .sorted(Entry.<String, Integer>comparingByValue().reversed())
        .filter(unit -> bytes != 0 && bytes % (1L << unit.getValue()) == 0)
        .findFirst()
        .map(unit -> (bytes >> unit.getValue()) + unit.getKey())
        .orElse(Long.toString(bytes));
  }
}
