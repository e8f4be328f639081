package dev.tallyspan.semconv.internal.render;

import dev.tallyspan.semconv.KeyClass;
import java.util.Map;
import java.util.Set;

/**
 * Which originals may go.
 *
 * @param dropped of dialects that have no rule of their own
 * @param droppedOf by dialect
 */
public record OriginalsPolicy(Set<KeyClass> dropped, Map<String, Set<KeyClass>> droppedOf) {

  public OriginalsPolicy {
    dropped = Set.copyOf(dropped);
    droppedOf = Map.copyOf(droppedOf);
  }

  boolean keepsAll() {
    return dropped.isEmpty() && droppedOf.values().stream().allMatch(Set::isEmpty);
  }

  boolean drops(String dialect, KeyClass keyClass) {
    return droppedOf.getOrDefault(dialect, dropped).contains(keyClass);
  }
}
