package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.kafka.KafkaEncoding;
import dev.tallyspan.collector.output.kafka.KafkaExportSettings;
import dev.tallyspan.collector.receiver.kafka.KafkaReceiverSettings;
import dev.tallyspan.collector.receiver.kafka.KafkaReceiverSettings.Topic;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A receiver {@code kafka}.
 *
 * @param id the component id, such as {@code kafka/edge}
 * @param settings their topics do not count
 * @param topics of each signal, whether pipelines use it or not; has all signals
 */
public record KafkaReceiverConfig(
    String id, KafkaReceiverSettings settings, Map<Signal, Topics> topics)
    implements AnyReceiverConfig {

  /** The topics of a signal. */
  public record Topics(List<String> names, KafkaEncoding encoding) {
    public Topics {
      names = List.copyOf(names);
      requireNonNull(encoding, "encoding");
    }
  }

  public KafkaReceiverConfig {
    requireNonNull(id, "id");
    requireNonNull(settings, "settings");
    topics = Map.copyOf(topics);
  }

  /** The first brokers to ask, for people: {@code a:9092, b:9092}. */
  public String brokers() {
    return String.join(", ", settings.client().brokers());
  }

  /** The consumer group. */
  public String group() {
    return settings.groupId();
  }

  private Topics topics(Signal signal) {
    return requireNonNull(topics.get(signal), signal.id());
  }

  /**
   * Returns the settings with the topics of some signals: those that pipelines get from this
   * receiver. Empty if there are none.
   */
  public Optional<KafkaReceiverSettings> of(Set<Signal> signals) {
    Map<String, Topic> read = new HashMap<>();
    for (Signal signal : signals) {
      Topics of = topics(signal);
      of.names().forEach(name -> read.put(name, new Topic(signal, of.encoding())));
    }
    return read.isEmpty() ? Optional.empty() : Optional.of(settings.withTopics(read));
  }

  /** Returns a topic that several of these signals have; null if there is none. */
  @Nullable String sharedTopic(Set<Signal> signals) {
    Set<String> seen = new HashSet<>();
    for (Signal signal : signals) {
      for (String name : topics(signal).names()) {
        if (!seen.add(name)) {
          return name;
        }
      }
    }
    return null;
  }

  /** Whether this receiver gets what an exporter writes for a signal. */
  boolean reads(KafkaExportSettings exporter, Signal signal) {
    return !Collections.disjoint(settings.client().brokers(), exporter.client().brokers())
        && topics(signal).names().contains(requireNonNull(exporter.topics().get(signal)).name());
  }
}
