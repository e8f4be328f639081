package dev.tallyspan.pricing;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Set;

/**
 * Hours of certain days in a time zone, such as DeepSeek's peak hours on working days in Beijing.
 *
 * @param zone of the days and hours
 * @param days on which the window is open
 * @param startSecond of the day, inclusive
 * @param endSecond of the day, exclusive; 86400 is midnight
 * @param clock the zone's
 */
record TimeWindow(
    ZoneId zone, Set<DayOfWeek> days, int startSecond, int endSecond, LocalClock clock) {
  private static final int DAY = 86_400;

  /** The first of January 1970 was a Thursday. */
  private static final int EPOCH_DAY = DayOfWeek.THURSDAY.ordinal();

  private static final DayOfWeek[] WEEK = DayOfWeek.values();

  TimeWindow(ZoneId zone, Set<DayOfWeek> days, int startSecond, int endSecond) {
    this(zone, days, startSecond, endSecond, new LocalClock(zone.getRules()));
  }

  boolean contains(long epochSecond) {
    long local = epochSecond + clock.offset(epochSecond);
    int second = Math.floorMod(local, DAY);
    return second >= startSecond
        && second < endSecond
        && days.contains(WEEK[Math.floorMod(Math.floorDiv(local, DAY) + EPOCH_DAY, WEEK.length)]);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TimeWindow window
        && zone.equals(window.zone)
        && days.equals(window.days)
        && startSecond == window.startSecond
        && endSecond == window.endSecond;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * zone.hashCode() + startSecond) + endSecond;
  }

  /**
   * A zone's offset from UTC. Caches the last season, the interval between two changes of the
   * clocks: the calls to price are usually from one season, and the JDK's rules allocate on every
   * query.
   */
  static final class LocalClock {
    private final ZoneRules rules;
    private Season last = new Season(0, 0, 0);

    LocalClock(ZoneRules rules) {
      this.rules = rules;
    }

    /** The offset in seconds, to add to UTC. */
    long offset(long epochSecond) {
      // A season is immutable: threads may overwrite each other's, each reads a whole one.
      Season season = last;
      if (epochSecond < season.from || epochSecond >= season.until) {
        season = season(epochSecond);
        last = season;
      }
      return season.offset;
    }

    private Season season(long epochSecond) {
      Instant instant = Instant.ofEpochSecond(epochSecond);
      ZoneOffsetTransition next = rules.nextTransition(instant);
      ZoneOffsetTransition previous = rules.previousTransition(instant.plusNanos(1));
      return new Season(
          previous == null ? Long.MIN_VALUE : previous.toEpochSecond(),
          next == null ? Long.MAX_VALUE : next.toEpochSecond(),
          rules.getOffset(instant).getTotalSeconds());
    }

    private record Season(long from, long until, long offset) {}
  }
}
