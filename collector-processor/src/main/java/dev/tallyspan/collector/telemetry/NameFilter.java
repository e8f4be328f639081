package dev.tallyspan.collector.telemetry;

import java.util.List;

/**
 * Selects names by patterns in which {@code *} stands for any characters and {@code ?} for one. A
 * name is selected if an included pattern matches it and no excluded one does.
 */
public record NameFilter(List<String> included, List<String> excluded) {

  /** Selects no name. */
  public static final NameFilter NONE = new NameFilter(List.of(), List.of("*"));

  public NameFilter {
    included = List.copyOf(included);
    excluded = List.copyOf(excluded);
  }

  public boolean selects(String name) {
    return included.stream().anyMatch(pattern -> matches(pattern, name))
        && excluded.stream().noneMatch(pattern -> matches(pattern, name));
  }

  private static boolean matches(String pattern, String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int afterStar = 0;
    while (n < name.length()) {
      char wanted = p < pattern.length() ? pattern.charAt(p) : 0;
      if (wanted == '*') {
        star = p++;
        afterStar = n;
      } else if (p < pattern.length() && (wanted == '?' || wanted == name.charAt(n))) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++afterStar;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
