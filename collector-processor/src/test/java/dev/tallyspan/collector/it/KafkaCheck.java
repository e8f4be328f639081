package dev.tallyspan.collector.it;

import static dev.tallyspan.collector.it.KafkaTiers.PATIENCE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar that users run between a real broker and a backend, and between two Collectors. Not a
 * part of the build:
 *
 * <pre>mvn -Pkafka -pl collector-processor -am verify</pre>
 */
class KafkaCheck {

  static final Path COLLECTOR = Peers.executable("otelcol-kafka");
  private static final int KILLS = 2;
  private static final int REQUEST = 10;
  private static final int PARTITIONS = 3;
  private static final int SPANS = 60;

  private static final String EDGE =
      """
      receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:${env:EDGE}"}}}}
      exporters:
        kafka:
          brokers: ["${env:BROKER}"]
          traces: {topic: "${env:TOPIC}"}
          partition_traces_by_id: true
          producer: {compression: zstd}
      service:
        telemetry: {metrics: {level: none}}
        pipelines:
          traces: {receivers: [otlp], exporters: [kafka], queue: direct}
      """;

  private static final String CORE =
      """
      receivers:
        kafka:
          brokers: ["${env:BROKER}"]
          traces: {topics: ["${env:TOPIC}"]}
          group_id: "${env:TOPIC}-core"
          initial_offset: earliest
          session_timeout: 6s
          heartbeat_interval: 1s
      processors: {tallyspan: {}}
      exporters:
        otlp_http: {endpoint: "${env:BACKEND}", tls: {insecure: true}}
      service:
        telemetry: {metrics: {level: none}}
        pipelines:
          traces: {receivers: [kafka], processors: [tallyspan], exporters: [otlp_http], queue: QUEUE}
      """;

  private static final String PROTECTED_EDGE =
      """
      receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:${env:EDGE}"}}}}
      exporters:
        kafka/plain:
          brokers: ["${env:BROKER_SASL}"]
          traces: {topic: "${env:TOPIC}-plain"}
          tls: {ca_file: "${env:CA}"}
          auth: {sasl: {mechanism: PLAIN, username: "${env:BROKER_USER}", password: "${env:BROKER_PASSWORD}"}}
        kafka/scram256:
          brokers: ["${env:BROKER_SASL}"]
          traces: {topic: "${env:TOPIC}-scram256"}
          tls: {ca_file: "${env:CA}"}
          auth: {sasl: {mechanism: SCRAM-SHA-256, username: "${env:BROKER_USER}", password: "${env:BROKER_PASSWORD}"}}
        kafka/scram512:
          brokers: ["${env:BROKER_SASL}"]
          traces: {topic: "${env:TOPIC}-scram512"}
          tls: {ca_file: "${env:CA}"}
          auth: {sasl: {mechanism: SCRAM-SHA-512, username: "${env:BROKER_USER}", password: "${env:BROKER_PASSWORD}"}}
        kafka/tls:
          brokers: ["${env:BROKER_TLS}"]
          traces: {topic: "${env:TOPIC}-tls"}
          tls: {ca_file: "${env:CA}", cert_file: "${env:CLIENT_CERT}", key_file: "${env:CLIENT_KEY}"}
      service:
        telemetry: {metrics: {level: none}}
        pipelines:
          traces:
            receivers: [otlp]
            exporters: [kafka/plain, kafka/scram256, kafka/scram512, kafka/tls]
            queue: direct
      """;

  private static final String PROTECTED_CORE =
      """
      receivers:
        kafka/plain:
          brokers: ["${env:BROKER_SASL}"]
          traces: {topics: ["${env:TOPIC}-plain"]}
          initial_offset: earliest
          tls: {ca_file: "${env:CA}"}
          auth: {sasl: {mechanism: PLAIN, username: "${env:BROKER_USER}", password: "${env:BROKER_PASSWORD}"}}
        kafka/scram256:
          brokers: ["${env:BROKER_SASL}"]
          traces: {topics: ["${env:TOPIC}-scram256"]}
          initial_offset: earliest
          tls: {ca_file: "${env:CA}"}
          auth: {sasl: {mechanism: SCRAM-SHA-256, username: "${env:BROKER_USER}", password: "${env:BROKER_PASSWORD}"}}
        kafka/scram512:
          brokers: ["${env:BROKER_SASL}"]
          traces: {topics: ["${env:TOPIC}-scram512"]}
          initial_offset: earliest
          tls: {ca_file: "${env:CA}"}
          auth: {sasl: {mechanism: SCRAM-SHA-512, username: "${env:BROKER_USER}", password: "${env:BROKER_PASSWORD}"}}
        kafka/tls:
          brokers: ["${env:BROKER_TLS}"]
          traces: {topics: ["${env:TOPIC}-tls"]}
          initial_offset: earliest
          tls: {ca_file: "${env:CA}", cert_file: "${env:CLIENT_CERT}", key_file: "${env:CLIENT_KEY}"}
      exporters:
        otlp_http: {endpoint: "${env:BACKEND}", tls: {insecure: true}}
      service:
        telemetry: {metrics: {level: none}}
        pipelines:
          traces:
            receivers: [kafka/plain, kafka/scram256, kafka/scram512, kafka/tls]
            exporters: [otlp_http]
            queue: direct
      """;

  private static final String REFUSED_EDGE =
      """
      receivers:
        otlp/password: {protocols: {http: {endpoint: "127.0.0.1:${env:EDGE}"}}}
        otlp/ca: {protocols: {http: {endpoint: "127.0.0.1:${env:EDGE_2}"}}}
      exporters:
        kafka/password:
          brokers: ["${env:BROKER_SASL}"]
          traces: {topic: "${env:TOPIC}"}
          tls: {ca_file: "${env:CA}"}
          auth: {sasl: {mechanism: SCRAM-SHA-256, username: "${env:BROKER_USER}", password: another}}
        kafka/ca:
          brokers: ["${env:BROKER_TLS}"]
          traces: {topic: "${env:TOPIC}"}
          tls: {ca_file: "${env:CLIENT_CERT}", cert_file: "${env:CLIENT_CERT}", key_file: "${env:CLIENT_KEY}"}
      service:
        telemetry: {metrics: {level: none}}
        pipelines:
          traces/password: {receivers: [otlp/password], exporters: [kafka/password], queue: direct}
          traces/ca: {receivers: [otlp/ca], exporters: [kafka/ca], queue: direct}
      """;

  private static final String COLLECTOR_BEFORE =
      """
      receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:${env:EDGE}"}}}}
      exporters:
        kafka:
          brokers: ["${env:BROKER}"]
          traces: {topic: "${env:TOPIC}"}
          partition_traces_by_id: true
          sending_queue: {enabled: false}
      service:
        telemetry: {metrics: {level: none}}
        pipelines:
          traces: {receivers: [otlp], exporters: [kafka]}
      """;

  private static final String BETWEEN_COLLECTORS =
      """
      receivers:
        kafka:
          brokers: ["${env:BROKER}"]
          traces: {topics: ["${env:TOPIC}"]}
          group_id: "${env:TOPIC}-core"
          initial_offset: earliest
      processors: {tallyspan: {}}
      exporters:
        kafka:
          brokers: ["${env:BROKER}"]
          traces: {topic: "${env:TOPIC}-priced"}
          partition_traces_by_id: true
      service:
        telemetry: {metrics: {level: none}}
        pipelines:
          traces: {receivers: [kafka], processors: [tallyspan], exporters: [kafka], queue: direct}
      """;

  private static final String COLLECTOR_AFTER =
      """
      receivers:
        kafka:
          brokers: ["${env:BROKER}"]
          traces: {topics: ["${env:TOPIC}-priced"]}
          group_id: "${env:TOPIC}-after"
          initial_offset: earliest
      exporters:
        otlp_http: {endpoint: "${env:BACKEND}", tls: {insecure: true}}
      service:
        telemetry: {metrics: {level: none}}
        pipelines:
          traces: {receivers: [kafka], exporters: [otlp_http]}
      """;

  private static final Random RANDOM = new Random();

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  static Path brokers;

  private static KafkaBroker broker;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  private final String topic = "spans-" + Long.toHexString(RANDOM.nextLong());
  private final int edgePort = Ports.free(RANDOM);
  private Backend backend;
  private KafkaTiers tiers;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = KafkaBroker.start(brokers.resolve("kafka"), RANDOM);
  }

  @AfterAll
  static void stopBroker() {
    if (broker != null) {
      broker.close();
    }
  }

  @BeforeEach
  void start() throws Exception {
    backend = new Backend();
    tiers = new KafkaTiers(directory, broker.environment());
    tiers.set("TOPIC", topic);
    tiers.set("EDGE", edgePort);
    tiers.set("BACKEND", backend.httpEndpoint());
    broker.createTopic(topic, PARTITIONS);
  }

  @AfterEach
  void stop() {
    if (tiers != null) {
      tiers.close();
    }
    if (backend != null) {
      backend.close();
    }
  }

  private static Map<String, Span> byName(ExportTraceServiceRequest request) {
    return request.getResourceSpansList().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .collect(Collectors.toMap(Span::getName, each -> each));
  }

  /** The spans that arrived, by name; the same as often as they arrived. */
  private Map<String, List<Span>> arrived() {
    return backend.spans().stream().collect(Collectors.groupingBy(Span::getName));
  }

  private static void assertPricedOrUntouched(Span sent, Span got) {
    if (sent.getAttributesCount() == 0) {
      assertThat(got.toByteString()).isEqualTo(sent.toByteString());
    } else {
      assertThat(got.getAttributesList())
          .anyMatch(each -> each.getKey().equals("tallyspan.cost.total"));
    }
  }

  @Test
  void eachSpanPassesOnceAndIsPriced() throws Exception {
    JavaProcess edge = tiers.server("edge", EDGE);
    JavaProcess core = tiers.server("core", CORE.replace("QUEUE", "direct"));
    AtomicInteger first = new AtomicInteger();
    // What was refused may be there in parts, so other spans are sent instead.
    await("the edge takes a request")
        .atMost(PATIENCE)
        .failFast(() -> assertThat(edge.isAlive()).as(edge::output).isTrue())
        .until(
            () ->
                tiers.status(NumberedSpans.request(first.addAndGet(SPANS), SPANS), edgePort)
                    == 200);

    ExportTraceServiceRequest request = NumberedSpans.request(first.get(), SPANS);
    Map<String, Span> sent = byName(request);
    await("all spans")
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(arrived().keySet()).as(core.output()).containsAll(sent.keySet()));
    Map<String, List<Span>> arrived = arrived();
    sent.forEach(
        (name, span) -> {
          assertThat(arrived.get(name)).as(name).hasSize(1);
          assertPricedOrUntouched(span, arrived.get(name).get(0));
        });
    // By trace: a record for each span.
    await("the offsets")
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(committed()).as(core.output()).isGreaterThanOrEqualTo(SPANS));
  }

  private long committed() throws Exception {
    return broker.committed(topic + "-core").values().stream()
        .mapToLong(each -> each.offset())
        .sum();
  }

  @Test
  void consumerThatIsKilledLosesNothing() throws Exception {
    killed("direct");
  }

  @Test
  void consumerWithAQueueOnDiskThatIsKilledLosesNothing() throws Exception {
    killed("durable", "--data", directory.resolve("data").toString());
  }

  private void killed(String queue, String... more) throws Exception {
    JavaProcess edge = tiers.server("edge", EDGE);
    String config = CORE.replace("QUEUE", queue);
    JavaProcess core = tiers.server("core", config, more);
    AtomicBoolean enough = new AtomicBoolean();
    CompletableFuture<Integer> sending =
        CompletableFuture.supplyAsync(
            () -> {
              int spans = 0;
              while (!enough.get()) {
                tiers.send(NumberedSpans.request(spans, REQUEST), edge, edgePort);
                spans += REQUEST;
              }
              return spans;
            });
    try {
      for (int kills = 0; kills < KILLS; kills++) {
        int before = arrived().size();
        await("the core delivers")
            .atMost(PATIENCE)
            .until(() -> sending.isDone() || arrived().size() > before + 5 * REQUEST);
        core.kill();
        core = tiers.server("core", config, more);
      }
    } finally {
      enough.set(true);
    }
    int sent = sending.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    JavaProcess last = core;

    await("all spans")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(arrived().size()).as(last.output()).isEqualTo(sent));
    System.out.printf(
        "%s: %d spans, killed %d times, %d delivered again%n",
        queue, sent, KILLS, backend.spans().size() - sent);
  }

  @Test
  void brokersAreReachedWithPasswordsAndWithCertificates() throws Exception {
    List<String> ways = List.of("plain", "scram256", "scram512", "tls");
    for (String way : ways) {
      broker.createTopic(topic + "-" + way, 1);
    }
    JavaProcess edge = tiers.server("edge", PROTECTED_EDGE);
    JavaProcess core = tiers.server("core", PROTECTED_CORE);

    // Accepted when it is in all four topics.
    tiers.send(NumberedSpans.request(1, REQUEST), edge, edgePort);

    await("what was read from all topics")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(arrived())
                    .as(core.output())
                    .hasSize(REQUEST)
                    .allSatisfy(
                        (name, spans) -> assertThat(spans.size()).isGreaterThanOrEqualTo(4)));
    for (String way : ways) {
      assertThat(broker.records(topic + "-" + way)).as(way).isNotEmpty();
    }
    assertThat(edge.output() + core.output()).doesNotContain(KafkaBroker.PASSWORD);
  }

  @Test
  void edgeThatTheBrokerDoesNotKnowOrThatDoesNotKnowTheBrokerAcceptsNothing() throws Exception {
    int other = Ports.free(RANDOM);
    tiers.set("EDGE_2", other);
    JavaProcess edge = tiers.server("edge", REFUSED_EDGE);
    ExportTraceServiceRequest request = NumberedSpans.request(1, 1);
    await("the edge listens")
        .atMost(PATIENCE)
        .failFast(() -> assertThat(edge.isAlive()).as(edge::output).isTrue())
        .until(() -> tiers.status(request, edgePort) != 0 && tiers.status(request, other) != 0);

    assertThat(tiers.status(request, edgePort)).as(edge::output).isGreaterThanOrEqualTo(400);
    assertThat(tiers.status(request, other)).as(edge::output).isGreaterThanOrEqualTo(400);

    assertThat(broker.records(topic)).isEmpty();
  }

  /** Says so if not, because a report of skipped tests is easily passed over. */
  static boolean isCollectorBuilt() {
    boolean built = Files.isExecutable(COLLECTOR);
    if (!built) {
      System.out.println("no Collector at " + COLLECTOR + ": left out what passes through it");
    }
    return built;
  }

  @Test
  @EnabledIf(
      value = "isCollectorBuilt",
      disabledReason = "no Collector: run benchmarks/peers/build otelcol-kafka")
  void collectorsOnBothSidesGetEverySpanWithItsCost() throws Exception {
    String priced = topic + "-priced";
    broker.createTopic(priced, PARTITIONS);
    JavaProcess before = tiers.collector(COLLECTOR, "before", COLLECTOR_BEFORE);
    JavaProcess core = tiers.server("core", BETWEEN_COLLECTORS);
    JavaProcess after = tiers.collector(COLLECTOR, "after", COLLECTOR_AFTER);
    ExportTraceServiceRequest request = NumberedSpans.request(1, SPANS);

    tiers.send(request, before, edgePort);

    Map<String, Span> sent = byName(request);
    await("all spans")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(arrived().keySet())
                    .as(() -> before.output() + core.output() + after.output())
                    .containsAll(sent.keySet()));
    Map<String, List<Span>> arrived = arrived();
    sent.forEach(
        (name, span) ->
            arrived
                .get(name)
                .forEach(each -> assertPricedOrUntouched(span, withoutEmptyStatus(each))));
    // What the Collector wrote and what its other half read, before anything decodes it.
    Map<String, ConsumerRecord<byte[], byte[]>> written = byKey(topic);
    Map<String, ConsumerRecord<byte[], byte[]>> read = byKey(priced);
    assertThat(written.keySet())
        .containsExactlyInAnyOrderElementsOf(
            sent.values().stream()
                .map(each -> HexFormat.of().formatHex(each.getTraceId().toByteArray()))
                .toList());
    assertThat(read.keySet()).isEqualTo(written.keySet());
    int untouched = 0;
    for (Map.Entry<String, ConsumerRecord<byte[], byte[]>> each : written.entrySet()) {
      ConsumerRecord<byte[], byte[]> from = each.getValue();
      ConsumerRecord<byte[], byte[]> to = read.get(each.getKey());
      assertThat(to.partition()).isEqualTo(from.partition());
      List<ByteString> spans = rawSpans(from.value());
      if (Span.parseFrom(spans.get(0)).getAttributesCount() == 0) {
        assertThat(rawSpans(to.value())).isEqualTo(spans);
        untouched++;
      }
    }
    assertThat(untouched).isEqualTo(SPANS * 2 / 3);
  }

  /** The Collector writes the status of each span, also if it is not set. */
  private static Span withoutEmptyStatus(Span span) {
    return span.getStatus().equals(Status.getDefaultInstance())
        ? span.toBuilder().clearStatus().build()
        : span;
  }

  /** One record of each trace, by its key. */
  private static Map<String, ConsumerRecord<byte[], byte[]>> byKey(String topic) {
    Map<String, ConsumerRecord<byte[], byte[]>> records = new HashMap<>();
    broker.records(topic).forEach(each -> records.put(new String(each.key(), US_ASCII), each));
    return records;
  }

  /** The spans of a request as they are in it, whose fields another library wrote in its order. */
  private static List<ByteString> rawSpans(byte[] request) throws IOException {
    List<ByteString> spans = new ArrayList<>();
    for (ByteString resource :
        fields(
            ByteString.copyFrom(request), ExportTraceServiceRequest.RESOURCE_SPANS_FIELD_NUMBER)) {
      for (ByteString scope : fields(resource, ResourceSpans.SCOPE_SPANS_FIELD_NUMBER)) {
        spans.addAll(fields(scope, ScopeSpans.SPANS_FIELD_NUMBER));
      }
    }
    return spans;
  }

  private static List<ByteString> fields(ByteString message, int number) throws IOException {
    List<ByteString> values = new ArrayList<>();
    CodedInputStream in = message.newCodedInput();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == number) {
        values.add(in.readBytes());
      } else {
        in.skipField(tag);
      }
    }
    return values;
  }
}
