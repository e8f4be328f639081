package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.kafka.KafkaEncoding;
import dev.tallyspan.collector.kafka.Sasl;
import dev.tallyspan.collector.output.kafka.KafkaExportSettings;
import dev.tallyspan.collector.output.kafka.KafkaExportSettings.Codec;
import dev.tallyspan.collector.output.kafka.KafkaExportSettings.Hasher;
import dev.tallyspan.collector.receiver.kafka.KafkaReceiverSettings;
import dev.tallyspan.collector.receiver.kafka.KafkaReceiverSettings.Assignor;
import dev.tallyspan.collector.receiver.kafka.KafkaReceiverSettings.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys of the exporter and the receiver {@code kafka}, which are the Collector's. */
class KafkaConfigTest {

  private static final String CONFIG =
      """
      receivers: {kafka: {RECEIVER}, otlp: {protocols: {grpc: }}}
      exporters: {kafka: {EXPORTER}, debug: }
      service:
        pipelines:
          traces/in: {receivers: [otlp], exporters: [kafka], queue: direct}
          traces/out: {receivers: [kafka], exporters: [debug], queue: direct}
      """;

  private static CollectorConfig parse(String receiver, String exporter) throws ConfigException {
    return ConfigLoader.parse(
        "test", CONFIG.replace("RECEIVER", receiver).replace("EXPORTER", exporter), Map.of());
  }

  private static KafkaExportSettings exporter(String keys) throws ConfigException {
    return parse("", keys).kafkaExporters().get(0).settings();
  }

  private static KafkaReceiverSettings receiver(String keys) throws ConfigException {
    return parse(keys, "").kafkaReceivers().get(0).of(Set.of(Signal.TRACES)).orElseThrow();
  }

  private static List<String> warnings(String receiver, String exporter) throws ConfigException {
    return parse(receiver, exporter).warnings().stream().map(Fault::message).toList();
  }

  @Test
  void defaultsAreTheCollectors() throws Exception {
    KafkaExportSettings exporter = exporter("");
    assertThat(exporter.client().brokers()).containsExactly("localhost:9092");
    assertThat(exporter.client().clientId()).isEqualTo("otel-collector");
    assertThat(exporter.topics().get(Signal.TRACES).name()).isEqualTo("otlp_spans");
    assertThat(exporter.topics().get(Signal.LOGS).name()).isEqualTo("otlp_logs");
    assertThat(exporter.topics().get(Signal.METRICS).name()).isEqualTo("otlp_metrics");
    assertThat(exporter.partitionTracesById()).isFalse();
    assertThat(exporter.hasher()).isEqualTo(Hasher.SARAMA_COMPAT);
    assertThat(exporter.compression()).isEqualTo(Codec.NONE);
    assertThat(exporter.maxMessageBytes()).isEqualTo(1_000_000);
    assertThat(exporter.timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(exporter.linger()).isEqualTo(Duration.ofMillis(10));
    assertThat(exporter.requiredAcks()).isEqualTo(-1);
    assertThat(receiver("")).isEqualTo(KafkaReceiverSettings.DEFAULT);
  }

  @Test
  void exporterHasTheCollectorsKeys() throws Exception {
    KafkaExportSettings exporter =
        exporter(
            "brokers: ['a:9093', b], protocol_version: 2.1.0, client_id: edge,"
                + " traces: {topic: spans, encoding: otlp_json}, partition_traces_by_id: true,"
                + " record_headers: {team: search}, timeout: 3s,"
                + " record_partitioner: {sticky_key: {hasher: murmur2}},"
                + " metadata: {refresh_interval: 1m}, conn_idle_timeout: 2m,"
                + " tls: {ca_file: ca.pem},"
                + " auth: {sasl: {mechanism: SCRAM-SHA-512, username: u, password: p}},"
                + " producer: {compression: zstd, compression_params: {level: 3}, required_acks: 1,"
                + " max_message_bytes: 500000, linger: 5ms}");

    assertThat(exporter.client().brokers()).containsExactly("a:9093", "b:9092");
    assertThat(exporter.client().clientId()).isEqualTo("edge");
    assertThat(exporter.client().sasl())
        .isEqualTo(new Sasl(Sasl.Mechanism.SCRAM_SHA_512, "u", "p"));
    assertThat(exporter.client().properties()).containsEntry("security.protocol", "SASL_SSL");
    assertThat(exporter.client().metadataRefresh()).isEqualTo(Duration.ofMinutes(1));
    assertThat(exporter.topics().get(Signal.TRACES))
        .isEqualTo(new KafkaExportSettings.Topic("spans", KafkaEncoding.OTLP_JSON));
    assertThat(exporter.topics().get(Signal.LOGS).encoding()).isEqualTo(KafkaEncoding.OTLP_PROTO);
    assertThat(exporter.partitionTracesById()).isTrue();
    assertThat(exporter.headers()).containsEntry("team", "search");
    assertThat(exporter.hasher()).isEqualTo(Hasher.MURMUR2);
    assertThat(exporter.compression()).isEqualTo(Codec.ZSTD);
    assertThat(exporter.compressionLevel()).isEqualTo(3);
    assertThat(exporter.requiredAcks()).isEqualTo(1);
    assertThat(exporter.maxMessageBytes()).isEqualTo(500_000);
    assertThat(exporter.linger()).isEqualTo(Duration.ofMillis(5));
  }

  @Test
  void receiverHasTheCollectorsKeys() throws Exception {
    KafkaReceiverSettings receiver =
        receiver(
            "brokers: 'a:9092,b:9092', group_id: core, client_id: core-1,"
                + " traces: {topics: [one, two], encoding: otlp_json}, initial_offset: earliest,"
                + " session_timeout: 30s, heartbeat_interval: 5s, min_fetch_size: 2,"
                + " max_fetch_size: 2000000, max_partition_fetch_size: 1000000,"
                + " max_fetch_wait: 100ms, autocommit: {enable: true, interval: 2s},"
                + " group_rebalance_strategies: [sticky, range], group_instance_id: core-1,"
                + " rack_id: r1, message_marking: {after: true},"
                + " header_extraction: {extract_headers: true, headers: [team]}");

    assertThat(receiver.client().brokers()).containsExactly("a:9092", "b:9092");
    assertThat(receiver.topics())
        .containsOnlyKeys("one", "two")
        .containsValue(new Topic(Signal.TRACES, KafkaEncoding.OTLP_JSON));
    assertThat(receiver.groupId()).isEqualTo("core");
    assertThat(receiver.fromStart()).isTrue();
    assertThat(receiver.sessionTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(receiver.heartbeatInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(receiver.minFetchBytes()).isEqualTo(2);
    assertThat(receiver.maxFetchBytes()).isEqualTo(2_000_000);
    assertThat(receiver.maxPartitionFetchBytes()).isEqualTo(1_000_000);
    assertThat(receiver.commitInterval()).isEqualTo(Duration.ofSeconds(2));
    assertThat(receiver.assignors()).containsExactly(Assignor.STICKY, Assignor.RANGE);
    assertThat(receiver.groupInstanceId()).isEqualTo("core-1");
    assertThat(receiver.rackId()).isEqualTo("r1");
    assertThat(receiver.headers()).containsExactly("team");
  }

  @Test
  void olderSpellingsAreTakenWithAWarning() throws Exception {
    assertThat(exporter("topic: spans, encoding: otlp_json").topics().get(Signal.TRACES))
        .isEqualTo(new KafkaExportSettings.Topic("spans", KafkaEncoding.OTLP_JSON));
    assertThat(receiver("topic: spans").topics()).containsOnlyKeys("spans");
    assertThat(receiver("traces: {topic: mine}").topics()).containsOnlyKeys("mine");
    assertThat(exporter("auth: {plain_text: {username: u, password: p}}").client().sasl())
        .isEqualTo(new Sasl(Sasl.Mechanism.PLAIN, "u", "p"));
    assertThat(warnings("topic: spans", "topic: others"))
        .containsExactlyInAnyOrder(
            "exporters.kafka.topic: is deprecated, use traces.topic, logs.topic, metrics.topic",
            "receivers.kafka.topic: is deprecated, use traces.topics, logs.topics, metrics.topics");
  }

  @Test
  void whatHasNoEffectIsSaid() throws Exception {
    assertThat(warnings("message_marking: {after: false}", "producer: {flush_max_messages: 1}"))
        .containsExactlyInAnyOrder(
            "receivers.kafka.message_marking.after: has no effect: an offset is committed when"
                + " everything before it is delivered, or on disk",
            "exporters.kafka.producer.flush_max_messages: has no effect: bytes limit what is sent"
                + " at once");
    assertThat(warnings("", "auth: {sasl: {mechanism: PLAIN, username: u, password: p}}"))
        .containsExactly("exporters.kafka.auth.sasl: the password is sent without TLS");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "brokers: []|brokers: is empty: list the brokers",
        "brokers: ['http://a:9092']|brokers: must be a list of brokers as host:port",
        "traces: {topic: 'a b'}|traces.topic: is not the name of a topic: use letters, digits, dots, underscores and hyphens",
        "traces: {encoding: jaeger_proto}|traces.encoding: must be one of otlp_json, otlp_proto, not jaeger_proto",
        "producer: {required_acks: 0}|producer.required_acks: 0 does not wait until a broker has what is sent: use 1 or -1, which is all",
        "producer: {max_message_bytes: 1}|producer.max_message_bytes: must be from 1024 to 1073741823, not 1",
        "producer: {compression: lz4, compression_params: {level: 20}}|producer.compression_params.level: the compression has no such level",
        "auth: {kerberos: {realm: r}}|auth.kerberos: not supported: use sasl with PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512, or tls",
        "auth: {sasl: {mechanism: PLAIN, username: u}}|auth.sasl: password is missing or empty",
        "topic_from_attribute: t|topic_from_attribute: not supported: use an exporter for each topic",
        "partition_logs_by_trace_id: true|partition_logs_by_trace_id: not supported: only partition_traces_by_id is",
      })
  void faultOfTheExporterHasItsPlaceAndItsCure(String keys, String fault) {
    assertThat(faults("", keys)).singleElement().asString().startsWith("2:").endsWith(fault);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "initial_offset: newest|initial_offset: must be one of earliest, latest, not newest",
        "heartbeat_interval: 20s|heartbeat_interval=PT20S: must be less than session_timeout",
        "traces: {topics: ['^otlp.*']}|traces.topics: regular expressions are not supported: list the topics",
        "group_rebalance_strategies: [mine]|group_rebalance_strategies: must be a list of cooperative-sticky, range, roundrobin, sticky",
        "group_id: ''|group_id=: must not be empty",
      })
  void faultOfTheReceiverHasItsPlaceAndItsCure(String keys, String fault) {
    assertThat(faults(keys, "")).singleElement().asString().startsWith("1:").endsWith(fault);
  }

  private static List<String> faults(String receiver, String exporter) {
    return catchThrowableOfType(ConfigException.class, () -> parse(receiver, exporter))
        .faults()
        .stream()
        .map(Fault::toString)
        .toList();
  }

  @Test
  void recordsDoNotGoInCircles() {
    ConfigException failure =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                ConfigLoader.parse(
                    "test",
                    "receivers: {kafka: }\n"
                        + "exporters: {kafka: }\n"
                        + "service: {pipelines: {traces: {receivers: [kafka], exporters: [kafka]}}}",
                    Map.of()));

    assertThat(failure.faults())
        .singleElement()
        .asString()
        .endsWith(
            "exporters.kafka: writes to the topic from which kafka reads for the same pipeline,"
                + " traces: use another topic");
  }

  @Test
  void topicIsReadForOneSignal() {
    ConfigException failure =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                ConfigLoader.parse(
                    "test",
                    "receivers: {kafka: {topic: all}}\n"
                        + "exporters: {debug: }\n"
                        + "service: {pipelines: {traces: {receivers: [kafka], exporters: [debug]},\n"
                        + "  logs: {receivers: [kafka], exporters: [debug]}}}",
                    Map.of()));

    assertThat(failure.faults())
        .singleElement()
        .asString()
        .endsWith(
            "receivers.kafka: the topic all is read for several signals: use a topic for each");
  }

  @Test
  void passwordsAreNotPrinted() throws Exception {
    assertThat(
            parse("", "auth: {sasl: {mechanism: PLAIN, username: u, password: s3cret}}").toString())
        .doesNotContain("s3cret");
  }
}
