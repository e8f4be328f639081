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
 * @param dropOriginals classes of attributes that leave the span once they are written under the
 *     conventions' names; default none
 * @param dropOriginalsOf the same for single dialects, in place of the general rule
 * @param custom dialects of the user's, strongest first
 */
public record DialectsConfig(
    Set<String> disabled,
    Set<KeyClass> dropOriginals,
    Map<String, Set<KeyClass>> dropOriginalsOf,
    List<CustomDialect> custom) {

  /** All built-in dialects, nothing dropped. */
  static final DialectsConfig DEFAULT = new DialectsConfig(Set.of(), Set.of(), Map.of(), List.of());

  public DialectsConfig {
    disabled = Set.copyOf(disabled);
    dropOriginals = Set.copyOf(dropOriginals);
    dropOriginalsOf = Map.copyOf(dropOriginalsOf);
    custom = List.copyOf(custom);
  }
}
