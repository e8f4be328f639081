package dev.tallyspan.semconv.internal.dialect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The prefixes of attribute keys, and of event names, that make a span worth being read by some
 * dialects.
 */
public final class Markers {

  private final List<String> prefixes;
  private final List<String> eventPrefixes;
  private final String[][] byFirstChar = new String[128][0];

  public Markers(Collection<Dialect> dialects) {
    prefixes = shortest(dialects, Dialect::markers);
    eventPrefixes = shortest(dialects, Dialect::eventMarkers);
    for (String prefix : prefixes) {
      String[] before = byFirstChar[prefix.charAt(0)];
      String[] after = Arrays.copyOf(before, before.length + 1);
      after[before.length] = prefix;
      byFirstChar[prefix.charAt(0)] = after;
    }
  }

  /** Each once, none that begins with another. */
  public List<String> prefixes() {
    return prefixes;
  }

  /** The same for the names of events. */
  public List<String> eventPrefixes() {
    return eventPrefixes;
  }

  public boolean matchEvent(String name) {
    for (String prefix : eventPrefixes) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  public boolean match(String key) {
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

  private static List<String> shortest(
      Collection<Dialect> dialects, Function<Dialect, List<String>> markers) {
    Set<String> all = new LinkedHashSet<>();
    for (Dialect dialect : dialects) {
      all.addAll(markers.apply(dialect));
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
