package dev.tallyspan.collector.kafka;

import dev.tallyspan.collector.flow.Signal;

/** The topics that the Collector's components use if the configuration names none. */
public final class KafkaTopics {

  private KafkaTopics() {}

  public static String ofSignal(Signal signal) {
    return switch (signal) {
      case TRACES -> "otlp_spans";
      case LOGS -> "otlp_logs";
      case METRICS -> "otlp_metrics";
    };
  }
}
