package dev.tallyspan.collector.receiver.kafka;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.kafka.KafkaClientSettings;
import dev.tallyspan.collector.kafka.KafkaEncoding;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver {@code kafka} reads, and how. Names and defaults are those of the Collector's
 * receiver.
 *
 * @param topics by name; at least one
 * @param groupId the consumers that share the partitions; default {@code otel-collector}
 * @param groupInstanceId a member that keeps its partitions when it restarts; null = none, the
 *     default
 * @param rackId where this member is, to read from a replica near it; null = not known, the default
 * @param assignors how the group shares partitions, in order of preference; default cooperative
 * @param fromStart whether a group without offsets starts with the oldest record; default false =
 *     with those that come
 * @param sessionTimeout without a heartbeat, after which others get the partitions; default 10 s
 * @param heartbeatInterval default 3 s
 * @param minFetchBytes default 1
 * @param maxFetchBytes of one response of a broker; default 1 MiB
 * @param maxPartitionFetchBytes of one partition in it; default 1 MiB. A record that is larger is
 *     received
 * @param maxFetchWait how long a broker waits for {@code minFetchBytes}; default 250 ms
 * @param commitInterval the time between commits; default 1 s
 * @param headers of records, which become attributes {@code kafka.header.NAME} of resources;
 *     default none
 */
public record KafkaReceiverSettings(
    KafkaClientSettings client,
    Map<String, Topic> topics,
    String groupId,
    @Nullable String groupInstanceId,
    @Nullable String rackId,
    List<Assignor> assignors,
    boolean fromStart,
    Duration sessionTimeout,
    Duration heartbeatInterval,
    int minFetchBytes,
    int maxFetchBytes,
    int maxPartitionFetchBytes,
    Duration maxFetchWait,
    Duration commitInterval,
    List<String> headers) {

  /** What the records of a topic hold. */
  public record Topic(Signal signal, KafkaEncoding encoding) {
    public Topic {
      requireNonNull(signal, "signal");
      requireNonNull(encoding, "encoding");
    }
  }

  /** {@code group_rebalance_strategies}. */
  public enum Assignor {
    COOPERATIVE_STICKY("cooperative-sticky", "CooperativeStickyAssignor"),
    STICKY("sticky", "StickyAssignor"),
    RANGE("range", "RangeAssignor"),
    ROUND_ROBIN("roundrobin", "RoundRobinAssignor");

    private final String word;
    private final String type;

    Assignor(String word, String type) {
      this.word = word;
      this.type = "org.apache.kafka.clients.consumer." + type;
    }

    /** The name in configurations. */
    public String word() {
      return word;
    }
  }

  /** The values of what is not a topic, with the Collector's defaults. */
  public static final KafkaReceiverSettings DEFAULT =
      new KafkaReceiverSettings(
          KafkaClientSettings.DEFAULT,
          Map.of("otlp_spans", new Topic(Signal.TRACES, KafkaEncoding.OTLP_PROTO)),
          "otel-collector",
          /* groupInstanceId= */ null,
          /* rackId= */ null,
          List.of(Assignor.COOPERATIVE_STICKY),
          /* fromStart= */ false,
          Duration.ofSeconds(10),
          Duration.ofSeconds(3),
          /* minFetchBytes= */ 1,
          /* maxFetchBytes= */ 1 << 20,
          /* maxPartitionFetchBytes= */ 1 << 20,
          Duration.ofMillis(250),
          Duration.ofSeconds(1),
          /* headers= */ List.of());

  /**
   * @throws IllegalArgumentException if a value is out of range, or values contradict each other
   */
  public KafkaReceiverSettings {
    requireNonNull(client, "client");
    requireNonNull(groupId, "groupId");
    topics = Map.copyOf(topics);
    assignors = List.copyOf(assignors);
    headers = List.copyOf(headers);
    that(!topics.isEmpty(), "topics", topics.keySet(), "must not be empty");
    that(!groupId.isEmpty(), "group_id", groupId, "must not be empty");
    that(!assignors.isEmpty(), "group_rebalance_strategies", assignors, "must not be empty");
    that(
        heartbeatInterval.compareTo(sessionTimeout) < 0,
        "heartbeat_interval",
        heartbeatInterval,
        "must be less than session_timeout");
    that(minFetchBytes >= 1, "min_fetch_size", minFetchBytes, "must be positive");
    that(
        maxFetchBytes >= minFetchBytes,
        "max_fetch_size",
        maxFetchBytes,
        "must not be less than min_fetch_size");
    that(
        maxPartitionFetchBytes >= 1,
        "max_partition_fetch_size",
        maxPartitionFetchBytes,
        "must be positive");
  }

  private static void that(boolean holds, String name, Object value, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(name + "=" + value + ": " + otherwise);
    }
  }

  /** Returns a copy that reads other topics. */
  public KafkaReceiverSettings withTopics(Map<String, Topic> other) {
    return new KafkaReceiverSettings(
        client,
        other,
        groupId,
        groupInstanceId,
        rackId,
        assignors,
        fromStart,
        sessionTimeout,
        heartbeatInterval,
        minFetchBytes,
        maxFetchBytes,
        maxPartitionFetchBytes,
        maxFetchWait,
        commitInterval,
        headers);
  }

  Map<String, Object> properties() {
    Map<String, Object> properties = new HashMap<>(client.properties());
    properties.put("group.id", groupId);
    properties.put("enable.auto.commit", false);
    properties.put("auto.offset.reset", fromStart ? "earliest" : "latest");
    properties.put("session.timeout.ms", millis(sessionTimeout));
    properties.put("heartbeat.interval.ms", millis(heartbeatInterval));
    properties.put("fetch.min.bytes", minFetchBytes);
    properties.put("fetch.max.bytes", maxFetchBytes);
    properties.put("max.partition.fetch.bytes", maxPartitionFetchBytes);
    properties.put("fetch.max.wait.ms", millis(maxFetchWait));
    properties.put(
        "partition.assignment.strategy", assignors.stream().map(each -> each.type).toList());
    if (groupInstanceId != null) {
      properties.put("group.instance.id", groupInstanceId);
    }
    if (rackId != null) {
      properties.put("client.rack", rackId);
    }
    return properties;
  }

  private static int millis(Duration duration) {
    return (int) Math.min(Integer.MAX_VALUE, duration.toMillis());
  }
}
