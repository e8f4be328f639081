package dev.tallyspan.collector.config;

import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.read.CustomDialect;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which dialects are read, and what happens to their attributes.
 *
 * @param disabled built-in dialects that are not read; default none
 * @param dropOriginalsOf by dialect, the classes of attributes that are removed once they are
 *     written under the conventions' names, instead of those in the profile
 * @param custom user-defined dialects, strongest first
 */
public record DialectsConfig(
    Set<String> disabled, Map<String, Set<KeyClass>> dropOriginalsOf, List<CustomDialect> custom) {

  /** All built-in dialects; no attribute is removed. */
  static final DialectsConfig DEFAULT = new DialectsConfig(Set.of(), Map.of(), List.of());

  public DialectsConfig {
    disabled = Set.copyOf(disabled);
    dropOriginalsOf = Map.copyOf(dropOriginalsOf);
    custom = List.copyOf(custom);
  }
}
