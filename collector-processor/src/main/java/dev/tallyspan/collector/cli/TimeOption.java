package dev.tallyspan.collector.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads options that name a time: as such, or as the time that has passed since. */
final class TimeOption {

  private static final Pattern AGO = Pattern.compile("(\\d+)([smhd])");

  private TimeOption() {}

  /**
   * @param option its name, for messages
   * @param text {@code 2h}, {@code 7d}, {@code 2026-11-27T10:00:00Z}, or {@code 2026-11-27}, which
   *     is the midnight in UTC that begins it
   * @throws CommandFailedException if it is something else
   */
  static Instant parse(String option, String text, Instant now) {
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      long count = Long.parseLong(ago.group(1));
      Duration length =
          switch (ago.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
          };
      return now.minus(length);
    }
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw CommandFailedException.badConfiguration(
          option + " " + text + ": must be a time such as 2026-11-27T10:00:00Z, or 2h");
    }
  }
}
