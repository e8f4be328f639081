package dev.tallyspan.pricing;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Set;

/**
 * Hours of certain days in a zone, such as DeepSeek's peak hours on working days in Beijing.
 *
 * @param zone in which days and hours are read
 * @param days on which the window is open
 * @param startSecond of the day, inclusive
 * @param endSecond of the day, exclusive; 86400 is midnight
 */
record TimeWindow(ZoneId zone, Set<DayOfWeek> days, int startSecond, int endSecond) {
  boolean contains(Instant time) {
    ZonedDateTime local = time.atZone(zone);
    int second = local.toLocalTime().toSecondOfDay();
    return second >= startSecond && second < endSecond && days.contains(local.getDayOfWeek());
  }
}
