package dev.tallyspan.collector.output.kafka;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.kafka.KafkaClientSettings;
import dev.tallyspan.collector.kafka.KafkaEncoding;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an exporter {@code kafka} writes, and how. Names and defaults are those of the Collector's
 * exporter, except {@code requiredAcks}.
 *
 * @param topics where the requests of each signal go; has all signals
 * @param headers {@code record_headers}: of every record; default none
 * @param partitionTracesById whether each record has the spans of one trace, and the trace's id as
 *     its key; default false: a request is a record without a key
 * @param hasher how the partition follows from the key; default as sarama does, so that exporters
 *     of the Collector and this one agree
 * @param requiredAcks which replicas have a record before it counts as delivered: -1 = all that are
 *     in sync, the default, or 1 = the leader
 * @param compression of batches of records; default none
 * @param compressionLevel null = the codec's default
 * @param maxMessageBytes the size of the largest record, before compression; default 1,000,000
 * @param linger how long a record waits for others to the same partition; default 10 ms
 * @param timeout of one attempt, and also of finding the topic's brokers; default 5 s
 */
public record KafkaExportSettings(
    KafkaClientSettings client,
    Map<Signal, Topic> topics,
    Map<String, String> headers,
    boolean partitionTracesById,
    Hasher hasher,
    int requiredAcks,
    Codec compression,
    @Nullable Integer compressionLevel,
    int maxMessageBytes,
    Duration linger,
    Duration timeout) {

  /** Where the requests of a signal go, and in which encoding. */
  public record Topic(String name, KafkaEncoding encoding) {
    public Topic {
      requireNonNull(name, "name");
      requireNonNull(encoding, "encoding");
    }
  }

  /** {@code record_partitioner.sticky_key.hasher}. */
  public enum Hasher {
    /** FNV-1a, as sarama uses it: the default of the Collector. */
    SARAMA_COMPAT,
    /** As Kafka's own clients have it. */
    MURMUR2
  }

  /** {@code producer.compression}. */
  public enum Codec {
    NONE(0, -1),
    GZIP(1, 9),
    SNAPPY(0, -1),
    LZ4(1, 17),
    ZSTD(1, 22);

    private final int least;
    private final int most;

    Codec(int least, int most) {
      this.least = least;
      this.most = most;
    }

    /** Whether the codec has this level; Kafka's own default is always there. */
    public boolean has(int level) {
      return level >= least && level <= most;
    }
  }

  /**
   * What a record has beside its value and its headers, at most: the header of a batch, the lengths
   * of its parts, and a key.
   */
  private static final int RECORD_OVERHEAD = 160;

  private static final int HEADER_OVERHEAD = 10;

  public static final int MIN_MESSAGE_BYTES = 1024;

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public KafkaExportSettings {
    requireNonNull(client, "client");
    topics = Map.copyOf(topics);
    for (Signal signal : Signal.values()) {
      requireNonNull(topics.get(signal), "topics");
    }
    requireNonNull(hasher, "hasher");
    requireNonNull(compression, "compression");
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    if (requiredAcks != 1 && requiredAcks != -1) {
      throw new IllegalArgumentException("required_acks=" + requiredAcks + ": must be 1 or -1");
    }
    if (maxMessageBytes < MIN_MESSAGE_BYTES) {
      throw new IllegalArgumentException(
          "max_message_bytes=" + maxMessageBytes + ": must be at least " + MIN_MESSAGE_BYTES);
    }
    if (compressionLevel != null && !compression.has(compressionLevel)) {
      throw new IllegalArgumentException(
          "compression_params.level="
              + compressionLevel
              + ": "
              + compression
              + " has no such level");
    }
    if (linger.isNegative()) {
      throw new IllegalArgumentException("linger=" + linger + ": must not be negative");
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout=" + timeout + ": must be positive");
    }
  }

  /** The size of the largest value of a record; at least 1. */
  public int maxValueBytes() {
    long left = (long) maxMessageBytes - RECORD_OVERHEAD;
    for (Map.Entry<String, String> header : headers.entrySet()) {
      left -= HEADER_OVERHEAD + bytes(header.getKey()) + bytes(header.getValue());
    }
    return (int) Math.max(1, left);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
