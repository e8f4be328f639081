package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.Set;

/**
 * {@code service.telemetry.resource}: changes of the attributes that describe the collector itself.
 *
 * @param attributes to add; they replace attributes with the same keys
 * @param removed the keys of attributes to leave out
 */
public record ResourceConfig(Attributes attributes, Set<String> removed) {

  /** Changes nothing. */
  static final ResourceConfig NONE = new ResourceConfig(Attributes.empty(), Set.of());

  public ResourceConfig {
    requireNonNull(attributes, "attributes");
    removed = Set.copyOf(removed);
  }

  /** Returns the attributes of the collector. */
  public Attributes over(Attributes defaults) {
    AttributesBuilder merged = defaults.toBuilder();
    merged.removeIf(
        key ->
            removed.contains(key.getKey())
                || attributes.asMap().keySet().stream()
                    .anyMatch(it -> it.getKey().equals(key.getKey())));
    return merged.putAll(attributes).build();
  }
}
