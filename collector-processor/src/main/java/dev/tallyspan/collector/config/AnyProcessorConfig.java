package dev.tallyspan.collector.config;

/** A processor of any type. */
public sealed interface AnyProcessorConfig permits ProcessorConfig, EditConfig, ScorerConfig {

  /** The component id, such as {@code attributes/secrets}. */
  String id();
}
