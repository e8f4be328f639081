package dev.tallyspan.collector.telemetry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers names that occur in telemetry, so that each can be logged once and counted separately.
 * Remembers only the first names, up to a limit, so that no sender can fill the memory, the log or
 * the metrics. Thread-safe; no method blocks.
 */
public final class DistinctNames {

  /** The metric label for all names that are not remembered. */
  public static final String OTHER = "other";

  private static final int MAX_LENGTH = 100;

  private final int limit;
  private final Set<String> names = ConcurrentHashMap.newKeySet();

  /** How a name relates to the names seen before. */
  public enum Sighting {
    /** The name is new, and remembered from now on. */
    FIRST,
    /** The name was already remembered. */
    AGAIN,
    /** The name is not remembered, because the limit is reached. */
    BEYOND
  }

  /**
   * @param limit the number of names to remember; concurrent calls may exceed it slightly
   */
  public DistinctNames(int limit) {
    this.limit = limit;
  }

  /** Records that a name was seen. */
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
   * Returns a name in a form that is safe in logs and labels: only printable characters, cut after
   * 100 of them.
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
