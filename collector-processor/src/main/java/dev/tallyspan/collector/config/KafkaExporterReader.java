package dev.tallyspan.collector.config;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.kafka.KafkaClientSettings;
import dev.tallyspan.collector.kafka.KafkaEncoding;
import dev.tallyspan.collector.kafka.KafkaTopics;
import dev.tallyspan.collector.output.kafka.KafkaExportSettings;
import dev.tallyspan.collector.output.kafka.KafkaExportSettings.Codec;
import dev.tallyspan.collector.output.kafka.KafkaExportSettings.Hasher;
import dev.tallyspan.collector.output.kafka.KafkaExportSettings.Topic;
import dev.tallyspan.collector.tree.TreeSettings;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads an exporter {@code kafka}. */
final class KafkaExporterReader {

  private static final Map<String, Codec> CODECS =
      Map.of(
          "none", Codec.NONE,
          "gzip", Codec.GZIP,
          "snappy", Codec.SNAPPY,
          "lz4", Codec.LZ4,
          "zstd", Codec.ZSTD);

  private static final Map<String, Hasher> HASHERS =
      Map.of("sarama_compat", Hasher.SARAMA_COMPAT, "murmur2", Hasher.MURMUR2);

  private static final Map<String, Integer> ACKS = Map.of("1", 1, "-1", -1, "all", -1);

  private static final int MAX_MESSAGE_BYTES = 1_000_000;

  private KafkaExporterReader() {}

  static KafkaExporterConfig read(String id, Section section) {
    KafkaClientSettings client = KafkaClientReader.read(section);
    Map<Signal, Topic> topics = topics(section);
    section.unsupported("topic_from_attribute", "use an exporter for each topic");
    section.withoutEffect("include_metadata_keys", "request headers are not forwarded");
    for (String key :
        new String[] {
          "partition_logs_by_trace_id",
          "partition_logs_by_resource_attributes",
          "partition_metrics_by_resource_attributes"
        }) {
      if (section.bool(key, false)) {
        section.unsupported(key, "only partition_traces_by_id is");
      }
    }
    boolean byTrace = section.bool("partition_traces_by_id", false);
    KafkaExporterConfig exporter =
        new KafkaExporterConfig(
            id,
            settings(section, client, topics, headers(section), byTrace, hasher(section)),
            ExporterReader.retry(section),
            ExporterReader.isRetryLimited(section),
            ExporterReader.queue(section),
            ProfileReader.read(section),
            // The key traces is that of topics.
            TreeSettings.DEFAULT,
            PolicyReader.read(section));
    section.end();
    return exporter;
  }

  private static Map<Signal, Topic> topics(Section section) {
    KafkaClientReader.deprecated(section, "topic", "traces.topic, logs.topic, metrics.topic");
    KafkaClientReader.deprecated(
        section, "encoding", "traces.encoding, logs.encoding, metrics.encoding");
    KafkaEncoding encoding = KafkaClientReader.encoding(section, KafkaEncoding.OTLP_PROTO);
    Map<Signal, Topic> topics = new EnumMap<>(Signal.class);
    for (Signal signal : Signal.values()) {
      String name = KafkaTopics.ofSignal(signal);
      if (section.has("topic") && section.text("topic") != null) {
        name = KafkaClientReader.topic(section, "topic", name);
      }
      Section own = section.section(signal.id());
      if (own == null) {
        topics.put(signal, new Topic(name, encoding));
        continue;
      }
      topics.put(
          signal,
          new Topic(
              KafkaClientReader.topic(own, "topic", name),
              KafkaClientReader.encoding(own, encoding)));
      own.unsupported("topic_from_metadata_key", "request headers are not forwarded");
      own.unsupported("message_key_from_metadata_key", "request headers are not forwarded");
      own.end();
    }
    section.withoutEffect("profiles", "profiles are not received");
    return topics;
  }

  private static Map<String, String> headers(Section section) {
    Map<String, String> headers = new LinkedHashMap<>();
    Section listed = section.section("record_headers");
    if (listed != null) {
      for (String name : listed.keys()) {
        headers.put(name, listed.text(name, ""));
      }
      listed.end();
    }
    return headers;
  }

  private static Hasher hasher(Section section) {
    Section partitioner = section.section("record_partitioner");
    Hasher hasher = Hasher.SARAMA_COMPAT;
    if (partitioner == null) {
      return hasher;
    }
    Section sticky = partitioner.section("sticky_key");
    if (sticky != null) {
      hasher = sticky.choice("hasher", HASHERS, hasher);
      sticky.end();
    }
    for (String key : new String[] {"round_robin", "least_backup", "extension"}) {
      partitioner.unsupported(key, "use sticky_key");
    }
    partitioner.end();
    return hasher;
  }

  private static KafkaExportSettings settings(
      Section section,
      KafkaClientSettings client,
      Map<Signal, Topic> topics,
      Map<String, String> headers,
      boolean byTrace,
      Hasher hasher) {
    Duration timeout = ExporterReader.timeout(section, Duration.ofSeconds(5));
    int acks = -1;
    Codec codec = Codec.NONE;
    Integer level = null;
    int maxBytes = MAX_MESSAGE_BYTES;
    Duration linger = Duration.ofMillis(10);
    Section producer = section.section("producer");
    if (producer != null) {
      acks = acks(producer);
      codec = producer.choice("compression", CODECS, codec);
      level = level(producer, codec);
      maxBytes =
          (int)
              producer.number(
                  "max_message_bytes",
                  KafkaExportSettings.MIN_MESSAGE_BYTES,
                  Integer.MAX_VALUE / 2,
                  maxBytes);
      linger = producer.duration("linger", linger);
      producer.withoutEffect("flush_max_messages", "bytes limit what is sent at once");
      producer.withoutEffect("max_broker_write_bytes", "max_message_bytes limits what is sent");
      if (!producer.bool("allow_auto_topic_creation", true)) {
        producer.withoutEffect(
            "allow_auto_topic_creation", "brokers decide it: set auto.create.topics.enable there");
      }
      producer.end();
    }
    return new KafkaExportSettings(
        client, topics, headers, byTrace, hasher, acks, codec, level, maxBytes, linger, timeout);
  }

  private static int acks(Section producer) {
    String text = producer.text("required_acks", "all").strip();
    if (text.equals("0")) {
      producer.error(
          "required_acks",
          producer.name("required_acks")
              + ": 0 does not wait until a broker has what is sent: use 1 or -1, which is all");
      return -1;
    }
    return producer.choice("required_acks", ACKS, -1);
  }

  private static @Nullable Integer level(Section producer, Codec codec) {
    Section params = producer.section("compression_params");
    if (params == null) {
      return null;
    }
    int level = (int) params.number("level", -1, 22, -1);
    if (level != -1 && !codec.has(level)) {
      params.error("level", params.name("level") + ": the compression has no such level");
      level = -1;
    }
    params.end();
    return level == -1 ? null : level;
  }
}
