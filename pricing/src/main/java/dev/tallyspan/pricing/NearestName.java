package dev.tallyspan.pricing;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the name that the caller probably meant. */
final class NearestName {

  private NearestName() {}

  /**
   * Returns the known name that the fewest insertions, deletions and replacements of letters lead
   * to, or else the one of whose words that is true; null if all differ in more than a third of the
   * letters.
   */
  static @Nullable String of(String name, Collection<String> known) {
    String nearest = null;
    int least = limit(name);
    for (String candidate : known) {
      int distance = distance(name, candidate);
      if (distance < least || isTied(candidate, nearest, distance, least)) {
        least = distance;
        nearest = candidate;
      }
    }
    return nearest == null ? ofWords(name, known) : nearest;
  }

  /** For {@code tier}, which is {@code service_tier}. */
  private static @Nullable String ofWords(String name, Collection<String> known) {
    String nearest = null;
    int least = limit(name);
    for (String candidate : known) {
      for (String word : candidate.split("[_.]")) {
        int distance = distance(name, word);
        if (distance < least || isTied(candidate, nearest, distance, least)) {
          least = distance;
          nearest = candidate;
        }
      }
    }
    return nearest;
  }

  private static int limit(String name) {
    return Math.max(1, name.length() / 3) + 1;
  }

  private static boolean isTied(
      String candidate, @Nullable String nearest, int distance, int least) {
    return nearest != null && distance == least && candidate.compareTo(nearest) < 0;
  }

  private static int distance(String one, String other) {
    int[] last = new int[other.length() + 1];
    for (int j = 0; j < last.length; j++) {
      last[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[last.length];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = last[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
      }
      last = row;
    }
    return last[other.length()];
  }
}
