package dev.tallyspan.pricing;

import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers what names resolved to, the unknown ones too, within a bound.
 *
 * <p>Two generations stand in for a list in order of use: a hit in the old one moves to the young
 * one, and when the young one is full it becomes the old one and the old one is forgotten. What was
 * used among the last {@value #GENERATION} different names is always there; reading takes no lock.
 */
final class NameCache {
  /** Distinct names in a generation; real services use tens. */
  static final int GENERATION = 4096;

  private volatile Generations generations =
      new Generations(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());

  Resolution get(String name) {
    Generations now = generations;
    Resolution hit = now.young.get(name);
    if (hit == null) {
      hit = now.old.get(name);
      if (hit != null) {
        put(name, hit);
      }
    }
    return hit;
  }

  void put(String name, Resolution resolution) {
    Generations now = generations;
    now.young.put(name, resolution);
    if (now.young.size() > GENERATION) {
      generations = new Generations(new ConcurrentHashMap<>(), now.young);
    }
  }

  private record Generations(
      ConcurrentHashMap<String, Resolution> young, ConcurrentHashMap<String, Resolution> old) {}
}
