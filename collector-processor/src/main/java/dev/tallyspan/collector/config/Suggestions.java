package dev.tallyspan.collector.config;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Suggests the word that the user probably meant. */
public final class Suggestions {

  private Suggestions() {}

  /** Returns the closest known word; null if all differ in more than a third of the word. */
  public static @Nullable String nearest(String word, Collection<String> known) {
    String nearest = null;
    int least = Math.max(1, word.length() / 3) + 1;
    for (String candidate : known) {
      if (Math.abs(candidate.length() - word.length()) >= least) {
        continue;
      }
      int distance = distance(word, candidate);
      if (distance < least) {
        least = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /**
   * Returns the number of insertions, deletions, replacements and swaps of neighbours that turn one
   * into the other: optimal string alignment.
   */
  private static int distance(String a, String b) {
    int[][] distance = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          distance[i][j] = i + j;
          continue;
        }
        int replaced = distance[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int least = Math.min(replaced, Math.min(distance[i - 1][j], distance[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        distance[i][j] = swapped ? Math.min(least, distance[i - 2][j - 2] + 1) : least;
      }
    }
    return distance[a.length()][b.length()];
  }
}
