package dev.tallyspan.collector.config;

import dev.tallyspan.collector.exporter.QueueSettings;
import dev.tallyspan.collector.exporter.RetrySettings;

/** An exporter that sends over a network, with a queue and retries. */
public sealed interface QueuedExporterConfig extends AnyExporterConfig
    permits ExporterConfig, KafkaExporterConfig {

  QueueSettings queue();

  RetrySettings retry();

  /**
   * Whether {@code retry_on_failure.max_elapsed_time} is set; if not, requests in a durable queue
   * are retried without a time limit.
   */
  boolean retryLimited();

  /** Returns a copy with another queue. */
  QueuedExporterConfig withQueue(QueueSettings other);

  @Override
  default int concurrency() {
    return queue().numConsumers();
  }
}
