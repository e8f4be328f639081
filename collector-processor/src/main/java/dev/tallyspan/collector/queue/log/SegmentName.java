package dev.tallyspan.collector.queue.log;

import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a segment's file.
 *
 * @param first the sequence of the first entry
 * @param attempt tells apart files that start with the same entry, of which only the last one has
 *     entries
 */
record SegmentName(long first, int attempt) implements Comparable<SegmentName> {

  private static final Pattern PATTERN = Pattern.compile("([0-9]{19})-([0-9]{1,9})\\.segment");

  private static final Comparator<SegmentName> ORDER =
      Comparator.comparingLong(SegmentName::first).thenComparingInt(SegmentName::attempt);

  static @Nullable SegmentName parse(String file) {
    Matcher matcher = PATTERN.matcher(file);
    if (!matcher.matches()) {
      return null;
    }
    try {
      return new SegmentName(Long.parseLong(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  String file() {
    return String.format(Locale.ROOT, "%019d-%d.segment", first, attempt);
  }

  @Override
  public int compareTo(SegmentName other) {
    return ORDER.compare(this, other);
  }
}
