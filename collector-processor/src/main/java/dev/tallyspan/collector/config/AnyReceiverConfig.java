package dev.tallyspan.collector.config;

/** A receiver of any type. */
public sealed interface AnyReceiverConfig permits ReceiverConfig, KafkaReceiverConfig {

  /** The component id, such as {@code otlp/edge}. */
  String id();
}
