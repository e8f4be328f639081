package dev.tallyspan.pricing;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what names led to, the unknown ones too, within a bound.
 *
 * <p>Two generations stand in for a list in order of use: a hit in the old one moves to the young
 * one, and when the young one is full it becomes the old one and the old one is forgotten. What was
 * used among the last {@value #GENERATION} different names is always there; reading takes no lock
 * and allocates nothing.
 */
final class NameCache<V> {
  /** Distinct names in a generation; real services use tens. */
  static final int GENERATION = 4096;

  /** Characters of a name; a longer one is nobody's and would only fill the memory. */
  static final int MAX_NAME = 512;

  private volatile Generations<V> generations =
      new Generations<>(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());

  @Nullable V get(String name) {
    Generations<V> now = generations;
    V hit = now.young.get(name);
    if (hit == null) {
      hit = now.old.get(name);
      if (hit != null) {
        put(name, hit);
      }
    }
    return hit;
  }

  void put(String name, V value) {
    if (name.length() > MAX_NAME) {
      return;
    }
    Generations<V> now = generations;
    now.young.put(name, value);
    if (now.young.size() > GENERATION) {
      generations = new Generations<>(new ConcurrentHashMap<>(), now.young);
    }
  }

  private record Generations<V>(
      ConcurrentHashMap<String, V> young, ConcurrentHashMap<String, V> old) {}
}
