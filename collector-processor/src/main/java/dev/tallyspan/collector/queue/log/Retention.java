package dev.tallyspan.collector.queue.log;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.EpochNanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long delivered entries are kept, in whole segments. They are deleted when one of the limits
 * is reached, or when the log needs the room. With {@link #NONE}, they are deleted immediately.
 *
 * @param maxAge the maximum age of a segment's newest entry; zero = no limit by age
 * @param maxBytes the maximum size of all delivered segments together; 0 = no limit by size
 */
public record Retention(Duration maxAge, long maxBytes) {

  /** Keeps nothing. */
  public static final Retention NONE = new Retention(Duration.ZERO, 0);

  public Retention {
    requireNonNull(maxAge, "maxAge");
    if (maxAge.isNegative()) {
      throw new IllegalArgumentException("maxAge=" + maxAge + ": must not be negative");
    }
    if (maxBytes < 0) {
      throw new IllegalArgumentException("maxBytes=" + maxBytes + ": must not be negative");
    }
  }

  boolean keepsNothing() {
    return maxAge.isZero() && maxBytes == 0;
  }

  /** Chooses which of the delivered segments, given oldest first, to delete now. */
  List<Segment> expired(List<Segment> delivered, long nowEpochNanos) {
    if (keepsNothing()) {
      return delivered;
    }
    long bytes = delivered.stream().mapToLong(segment -> segment.extent().bytes()).sum();
    List<Segment> expired = new ArrayList<>();
    for (Segment segment : delivered) {
      boolean old =
          !maxAge.isZero()
              && nowEpochNanos - segment.extent().lastEpochNanos() > EpochNanos.of(maxAge);
      if (old || (maxBytes > 0 && bytes > maxBytes)) {
        expired.add(segment);
        bytes -= segment.extent().bytes();
      }
    }
    return expired;
  }
}
