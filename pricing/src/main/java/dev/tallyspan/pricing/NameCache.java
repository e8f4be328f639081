package dev.tallyspan.pricing;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A bounded cache of what names resolve to, including unknown names.
 *
 * <p>Two generations approximate least-recently-used order: a hit in the old generation moves to
 * the young one; a full young generation replaces the old one. The last {@value #GENERATION}
 * different names are always cached. Reading takes no lock and allocates nothing.
 */
final class NameCache<V> {
  /** Distinct names in a generation; real services use tens. */
  static final int GENERATION = 4096;

  /** The longest name to cache, in characters; no model or host has a longer name. */
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
