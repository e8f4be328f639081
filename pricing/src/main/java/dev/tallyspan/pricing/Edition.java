package dev.tallyspan.pricing;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which catalog it is.
 *
 * @param version that it calls itself by
 * @param asOf the day whose prices it holds, or null if it does not say
 * @param table the published table that it was compiled from, or null if it is no such one
 */
record Edition(String version, @Nullable LocalDate asOf, @Nullable String table) {
  private static final Pattern DATE =
      Pattern.compile("(?:^|(?<![0-9]))([0-9]{4}-[0-9]{2}-[0-9]{2})(?:(?![0-9])|$)");

  /** Takes the day from the version if there is none: {@code 2026-11-22}. */
  static Edition of(String version, @Nullable LocalDate asOf, @Nullable String table) {
    return new Edition(version, asOf == null ? dated(version) : asOf, table);
  }

  /** Returns what two layers are together: as new as the newer one. */
  Edition over(Edition below) {
    boolean older = asOf == null || below.asOf != null && below.asOf.isAfter(asOf);
    return new Edition(version + "+" + below.version, older ? below.asOf : asOf, /* table= */ null);
  }

  private static @Nullable LocalDate dated(String version) {
    Matcher date = DATE.matcher(version);
    try {
      return date.find() ? LocalDate.parse(date.group(1)) : null;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
