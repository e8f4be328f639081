package dev.tallyspan.collector.telemetry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names that come with the data and are to be logged once and counted apart: as many of them as are
 * to be remembered, in the order they come, and no more, so that no sender can fill the memory, the
 * log or the metrics. Thread-safe.
 */
public final class DistinctNames {

  /** The label for all names that are not remembered. */
  public static final String OTHER = "other";

  private static final int MAX_LENGTH = 100;

  private final int limit;
  private final Set<String> names = ConcurrentHashMap.newKeySet();

  /** What a name is that was seen. */
  public enum Sighting {
    /** It is remembered from now on. */
    FIRST,
    /** It was remembered before. */
    AGAIN,
    /** It is not remembered: there are too many others. */
    BEYOND
  }

  /**
   * @param limit how many are remembered
   */
  public DistinctNames(int limit) {
    this.limit = limit;
  }

  /** Takes note of a name. */
  public Sighting see(String name) {
    if (names.contains(name)) {
      return Sighting.AGAIN;
    }
    if (names.size() >= limit) {
      return Sighting.BEYOND;
    }
    return names.add(name) ? Sighting.FIRST : Sighting.AGAIN;
  }

  /**
   * A name as it may stand in a line of a log or in a label: of printable characters, and not
   * longer than 100 of them.
   */
  public static String printable(String name) {
    StringBuilder printable = new StringBuilder(Math.min(name.length(), MAX_LENGTH));
    for (int i = 0; i < name.length() && i < MAX_LENGTH; i++) {
      char c = name.charAt(i);
      boolean plain = Character.isLetterOrDigit(c) || c > ' ' && c < 0x7f;
      printable.append(plain ? c : '_');
    }
    return name.length() > MAX_LENGTH ? printable.append("...").toString() : printable.toString();
  }
}
