package dev.tallyspan.collector.config;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.kafka.KafkaClientSettings;
import dev.tallyspan.collector.kafka.KafkaEncoding;
import dev.tallyspan.collector.kafka.KafkaTopics;
import dev.tallyspan.collector.receiver.kafka.KafkaReceiverSettings;
import dev.tallyspan.collector.receiver.kafka.KafkaReceiverSettings.Assignor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a receiver {@code kafka}. */
final class KafkaReceiverReader {

  private static final Map<String, Boolean> OFFSETS = Map.of("latest", false, "earliest", true);

  private static final Map<String, Assignor> ASSIGNORS =
      Arrays.stream(Assignor.values())
          .collect(Collectors.toUnmodifiableMap(Assignor::word, each -> each));

  private static final String ALWAYS =
      "an offset is committed when everything before it is delivered, or on disk";

  private KafkaReceiverReader() {}

  static KafkaReceiverConfig read(String id, Section section) {
    KafkaReceiverSettings otherwise = KafkaReceiverSettings.DEFAULT;
    KafkaClientSettings client = KafkaClientReader.read(section);
    Map<Signal, KafkaReceiverConfig.Topics> topics = topics(section);
    String group = section.text("group_id", otherwise.groupId());
    boolean fromStart = section.choice("initial_offset", OFFSETS, otherwise.fromStart());
    Duration session = section.duration("session_timeout", otherwise.sessionTimeout());
    Duration heartbeat = section.duration("heartbeat_interval", otherwise.heartbeatInterval());
    int minFetch = size(section, "min_fetch_size", 1, otherwise.minFetchBytes());
    // 0 = no limit, in older versions of the Collector.
    int maxFetch = size(section, "max_fetch_size", 0, otherwise.maxFetchBytes());
    KafkaClientReader.deprecated(section, "default_fetch_size", "max_partition_fetch_size");
    int partitionFetch =
        size(
            section,
            "max_partition_fetch_size",
            1,
            size(section, "default_fetch_size", 1, otherwise.maxPartitionFetchBytes()));
    Duration wait = section.duration("max_fetch_wait", otherwise.maxFetchWait());
    Duration commit = commitInterval(section, otherwise.commitInterval());
    List<Assignor> assignors = assignors(section, otherwise.assignors());
    List<String> headers = headers(section);
    marking(section);
    section.withoutEffect("use_leader_epoch", "the client uses it if the brokers have it");
    section.withoutEffect(
        "error_backoff", "what is refused for now is tried again for as long as it takes");
    section.withoutEffect("partition_processing", "partitions do not wait for each other");
    section.withoutEffect("telemetry", "the lag is always measured");
    String instance = notEmpty(section, "group_instance_id");
    String rack = notEmpty(section, "rack_id");
    section.end();
    KafkaReceiverSettings settings = otherwise;
    try {
      settings =
          new KafkaReceiverSettings(
              client,
              otherwise.topics(),
              group,
              instance,
              rack,
              assignors,
              fromStart,
              session,
              heartbeat,
              minFetch,
              maxFetch == 0 ? Integer.MAX_VALUE : maxFetch,
              partitionFetch,
              wait,
              commit,
              headers);
    } catch (IllegalArgumentException e) {
      section.error(e);
    }
    return new KafkaReceiverConfig(id, settings, topics);
  }

  private static int size(Section section, String key, int least, int otherwise) {
    return (int) section.number(key, least, Integer.MAX_VALUE, otherwise);
  }

  private static @Nullable String notEmpty(Section section, String key) {
    String text = section.text(key, "");
    return text.isEmpty() ? null : text;
  }

  private static Map<Signal, KafkaReceiverConfig.Topics> topics(Section section) {
    KafkaClientReader.deprecated(section, "topic", "traces.topics, logs.topics, metrics.topics");
    KafkaClientReader.deprecated(
        section, "encoding", "traces.encoding, logs.encoding, metrics.encoding");
    KafkaEncoding encoding = KafkaClientReader.encoding(section, KafkaEncoding.OTLP_PROTO);
    Map<Signal, KafkaReceiverConfig.Topics> topics = new EnumMap<>(Signal.class);
    for (Signal signal : Signal.values()) {
      String name = KafkaTopics.ofSignal(signal);
      if (section.has("topic") && section.text("topic") != null) {
        name = KafkaClientReader.topic(section, "topic", name);
      }
      Section own = section.section(signal.id());
      topics.put(
          signal,
          own == null
              ? new KafkaReceiverConfig.Topics(List.of(name), encoding)
              : topics(own, name, encoding));
    }
    section.withoutEffect("profiles", "profiles are not received");
    return topics;
  }

  private static KafkaReceiverConfig.Topics topics(
      Section own, String otherwise, KafkaEncoding encoding) {
    KafkaClientReader.deprecated(own, "topic", "topics");
    List<String> names = new ArrayList<>();
    if (own.has("topics")) {
      for (String topic : own.texts("topics")) {
        if (KafkaClientReader.isTopic(own, "topics", topic)) {
          names.add(topic);
        }
      }
    } else {
      names.add(KafkaClientReader.topic(own, "topic", otherwise));
    }
    own.unsupported("exclude_topics", "list the topics");
    own.unsupported("exclude_topic", "list the topics");
    KafkaEncoding read = KafkaClientReader.encoding(own, encoding);
    own.end();
    return new KafkaReceiverConfig.Topics(names, read);
  }

  private static Duration commitInterval(Section section, Duration otherwise) {
    Section autocommit = section.section("autocommit");
    if (autocommit == null) {
      return otherwise;
    }
    if (!autocommit.bool("enable", true)) {
      autocommit.withoutEffect("enable", ALWAYS);
    }
    Duration interval = autocommit.duration("interval", otherwise);
    autocommit.end();
    return interval;
  }

  private static void marking(Section section) {
    Section marking = section.section("message_marking");
    if (marking == null) {
      return;
    }
    if (!marking.bool("after", true)) {
      marking.withoutEffect("after", ALWAYS);
    }
    if (marking.bool("on_error", false)) {
      marking.withoutEffect("on_error", "what is refused for now is tried again");
    }
    if (!marking.bool("on_permanent_error", true)) {
      marking.withoutEffect(
          "on_permanent_error", "what is refused for good becomes a dead letter, or is logged");
    }
    marking.end();
  }

  private static List<Assignor> assignors(Section section, List<Assignor> otherwise) {
    if (section.has("group_rebalance_strategies")) {
      List<Assignor> read = new ArrayList<>();
      for (String word : section.texts("group_rebalance_strategies")) {
        Assignor assignor = ASSIGNORS.get(word);
        if (assignor == null) {
          section.error(
              "group_rebalance_strategies",
              section.name("group_rebalance_strategies")
                  + ": must be a list of "
                  + ASSIGNORS.keySet().stream().sorted().collect(Collectors.joining(", ")));
          return otherwise;
        }
        read.add(assignor);
      }
      return read.isEmpty() ? otherwise : read;
    }
    Assignor assignor = section.choice("group_rebalance_strategy", ASSIGNORS);
    return assignor == null ? otherwise : List.of(assignor);
  }

  private static List<String> headers(Section section) {
    Section extraction = section.section("header_extraction");
    if (extraction == null) {
      return List.of();
    }
    boolean extract = extraction.bool("extract_headers", false);
    List<String> headers = extraction.texts("headers");
    extraction.end();
    return extract ? headers.stream().distinct().toList() : List.of();
  }

  /** Reports topics that two signals would be read from, and records that would go in circles. */
  static void check(
      Section file,
      List<KafkaReceiverConfig> receivers,
      List<KafkaExporterConfig> exporters,
      List<PipelineConfig> pipelines) {
    for (KafkaReceiverConfig receiver : receivers) {
      Section section = file.child("receivers");
      String twice = receiver.sharedTopic(PipelineConfig.signalsOf(receiver.id(), pipelines));
      if (twice != null) {
        section.errorAtKey(
            receiver.id(),
            section.name(receiver.id())
                + ": the topic "
                + twice
                + " is read for several signals: use a topic for each");
      }
      for (PipelineConfig pipeline : pipelines) {
        if (pipeline.receivers().contains(receiver.id())) {
          exporters.stream()
              .filter(each -> pipeline.exporters().contains(each.id()))
              .filter(each -> receiver.reads(each.settings(), pipeline.signal()))
              .forEach(
                  each -> {
                    Section to = file.child("exporters");
                    to.errorAtKey(
                        each.id(),
                        to.name(each.id())
                            + ": writes to the topic from which "
                            + receiver.id()
                            + " reads for the same pipeline, "
                            + pipeline.id()
                            + ": use another topic");
                  });
        }
      }
    }
  }
}
