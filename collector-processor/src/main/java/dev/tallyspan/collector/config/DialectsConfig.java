package dev.tallyspan.collector.config;

import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.read.CustomDialect;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which dialects are read, and what becomes of the attributes that they are read from.
 *
 * @param disabled built-in dialects that are not read; default none
 * @param dropOriginalsOf by dialect, classes of attributes that leave the span once they are
 *     written under the conventions' names, instead of what the profile drops
 * @param custom dialects of the user's, strongest first
 */
public record DialectsConfig(
    Set<String> disabled, Map<String, Set<KeyClass>> dropOriginalsOf, List<CustomDialect> custom) {

  /** All built-in dialects, nothing dropped. */
  static final DialectsConfig DEFAULT = new DialectsConfig(Set.of(), Map.of(), List.of());

  public DialectsConfig {
    disabled = Set.copyOf(disabled);
    dropOriginalsOf = Map.copyOf(dropOriginalsOf);
    custom = List.copyOf(custom);
  }
}
