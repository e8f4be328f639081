package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.exporter.QueueSettings;
import dev.tallyspan.collector.exporter.RetrySettings;
import dev.tallyspan.collector.output.kafka.KafkaExportSettings;
import dev.tallyspan.collector.tree.TreeSettings;
import org.jspecify.annotations.Nullable;

/**
 * An exporter {@code kafka}.
 *
 * @param id the component id, such as {@code kafka/core}
 * @param traces as they are; the key of other exporters names topics here
 */
public record KafkaExporterConfig(
    String id,
    KafkaExportSettings settings,
    RetrySettings retry,
    boolean retryLimited,
    QueueSettings queue,
    ProfileConfig profile,
    TreeSettings traces,
    @Nullable PolicyConfig contentPolicy)
    implements QueuedExporterConfig {

  public KafkaExporterConfig {
    requireNonNull(id, "id");
    requireNonNull(settings, "settings");
    requireNonNull(retry, "retry");
    requireNonNull(queue, "queue");
    requireNonNull(profile, "profile");
    requireNonNull(traces, "traces");
  }

  @Override
  public KafkaExporterConfig withQueue(QueueSettings other) {
    return new KafkaExporterConfig(
        id, settings, retry, retryLimited, other, profile, traces, contentPolicy);
  }
}
