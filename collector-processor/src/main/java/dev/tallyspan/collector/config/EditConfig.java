package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.edit.EditRules;

/**
 * A processor that changes or drops what passes and understands nothing about LLMs, such as {@code
 * attributes}.
 *
 * @param id the component id
 * @param rules what it does
 */
public record EditConfig(String id, EditRules rules) implements AnyProcessorConfig {
  public EditConfig {
    requireNonNull(id, "id");
    requireNonNull(rules, "rules");
  }
}
