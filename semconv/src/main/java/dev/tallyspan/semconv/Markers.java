package dev.tallyspan.semconv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The prefixes of attribute keys that make a span worth being read by some dialects. */
final class Markers {

  private final List<String> prefixes;
  private final String[][] byFirstChar = new String[128][0];

  Markers(Collection<Dialect> dialects) {
    prefixes = shortest(dialects);
    for (String prefix : prefixes) {
      String[] before = byFirstChar[prefix.charAt(0)];
      String[] after = Arrays.copyOf(before, before.length + 1);
      after[before.length] = prefix;
      byFirstChar[prefix.charAt(0)] = after;
    }
  }

  /** Each once, none that begins with another. */
  List<String> prefixes() {
    return prefixes;
  }

  boolean match(String key) {
    if (key.isEmpty() || key.charAt(0) >= byFirstChar.length) {
      return false;
    }
    for (String prefix : byFirstChar[key.charAt(0)]) {
      if (key.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private static List<String> shortest(Collection<Dialect> dialects) {
    Set<String> all = new LinkedHashSet<>();
    for (Dialect dialect : dialects) {
      all.addAll(dialect.markers());
    }
    List<String> shortest = new ArrayList<>();
    for (String marker : all) {
      if (all.stream().noneMatch(other -> marker.startsWith(other) && !marker.equals(other))) {
        shortest.add(marker);
      }
    }
    return List.copyOf(shortest);
  }
}
