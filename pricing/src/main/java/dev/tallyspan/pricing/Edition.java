package dev.tallyspan.pricing;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Identifies a catalog.
 *
 * @param version as given in the catalog
 * @param asOf the day whose prices it holds; null if unknown
 * @param table the published table that it was compiled from; null if there is none
 */
record Edition(String version, @Nullable LocalDate asOf, @Nullable String table) {
  private static final Pattern DATE =
      Pattern.compile("(?:^|(?<![0-9]))([0-9]{4}-[0-9]{2}-[0-9]{2})(?:(?![0-9])|$)");

  /** Falls back to a date in the version, such as {@code 2026-11-22}, if there is no day. */
  static Edition of(String version, @Nullable LocalDate asOf, @Nullable String table) {
    return new Edition(version, asOf == null ? dated(version) : asOf, table);
  }

  /** Returns the edition of two layers together, which is as new as the newer one. */
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
