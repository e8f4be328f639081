package dev.tallyspan.collector.receiver.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.kafka.KafkaClientSettings;
import dev.tallyspan.collector.kafka.KafkaEncoding;
import dev.tallyspan.collector.receiver.kafka.KafkaReceiverSettings.Topic;
import dev.tallyspan.collector.telemetry.OwnMetrics;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All on the thread of the test: workers run at once, and time passes as the test says. */
class ConsumptionTest {

  private static final TopicPartition ZERO = new TopicPartition("otlp_spans", 0);
  private static final TopicPartition ONE = new TopicPartition("otlp_spans", 1);
  private static final Outcome DOWN = Outcome.refused(StatusCode.UNAVAILABLE, "down");

  /** What was committed by those who waited for it. */
  private final Map<TopicPartition, OffsetAndMetadata> synced = new ConcurrentHashMap<>();

  private final MockConsumer<byte[], byte[]> consumer =
      new MockConsumer<>("earliest") {
        @Override
        public synchronized void commitSync(
            Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
          synced.putAll(offsets);
          super.commitSync(offsets, timeout);
        }
      };
  private final List<OtlpRequest> requests = new ArrayList<>();
  private final List<String> kept = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private final OwnMetrics metrics = OwnMetrics.create();
  private boolean keeps = true;
  private Executor workers = Runnable::run;
  private Consumption consumption;

  @BeforeEach
  void assign() {
    consumption = consumption(KafkaReceiverSettings.DEFAULT, 1 << 20);
  }

  private Consumption consumption(KafkaReceiverSettings settings, long limit) {
    Consumption created =
        new Consumption(
            "kafka",
            settings,
            consumer,
            requests::add,
            (receiver, signal, items, value, refusal, done) -> {
              if (keeps) {
                kept.add(refusal.code() + " " + refusal.message());
              }
              done.done(keeps);
            },
            task -> workers.execute(task),
            limit,
            nanos::get,
            metrics.meter("test"));
    consumer.rebalance(List.of());
    consumer.rebalance(List.of(ZERO, ONE));
    consumer.updateBeginningOffsets(Map.of(ZERO, 0L, ONE, 0L));
    consumer.updateEndOffsets(Map.of(ZERO, 0L, ONE, 0L));
    return created;
  }

  private static byte[] request(String name) {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .addScopeSpans(
                    ScopeSpans.newBuilder()
                        .addSpans(
                            Span.newBuilder()
                                .setTraceId(ByteString.copyFrom(new byte[16]))
                                .setName(name))))
        .build()
        .toByteArray();
  }

  private void add(TopicPartition partition, long offset, byte[] value) {
    consumer.addRecord(
        new ConsumerRecord<>(partition.topic(), partition.partition(), offset, null, value));
  }

  private void poll() {
    consumption.poll(Duration.ZERO);
  }

  private void pass(long millis) {
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** Lets the time of the next commit come, and polls. */
  private void commit() {
    pass(1000);
    poll();
  }

  private long committed(TopicPartition partition) {
    OffsetAndMetadata offset = consumer.committed(Set.of(partition)).get(partition);
    return offset == null ? -1 : offset.offset();
  }

  private void accept(int request) {
    requests.get(request).ack().settle(Outcome.ACCEPTED);
  }

  @Test
  void offsetIsCommittedWhenEverythingBeforeItIsSettled() {
    for (int i = 0; i < 3; i++) {
      add(ZERO, i, request("span " + i));
    }
    poll();
    accept(1);
    accept(2);
    commit();
    assertThat(committed(ZERO)).isEqualTo(-1);

    accept(0);
    commit();

    assertThat(committed(ZERO)).isEqualTo(3);
  }

  @Test
  void requestHasTheBytesOfTheRecord() {
    add(ZERO, 0, request("span"));

    poll();

    assertThat(requests).hasSize(1);
    assertThat(requests.get(0).signal()).isEqualTo(Signal.TRACES);
    assertThat(requests.get(0).items()).isEqualTo(1);
    assertThat(requests.get(0).bytes().toByteArray()).isEqualTo(request("span"));
  }

  @Test
  void recordsOfAPartitionArePassedOnInTheirOrder() {
    Deque<Runnable> tasks = new ArrayDeque<>();
    workers = tasks::push;
    add(ZERO, 0, request("first"));
    add(ZERO, 1, request("second"));
    add(ONE, 0, request("other"));
    poll();

    // The last one first, as workers of a busy machine may do it.
    while (!tasks.isEmpty()) {
      tasks.pop().run();
    }

    assertThat(requests)
        .extracting(each -> ByteString.copyFrom(each.bytes().toByteArray()))
        .hasSize(3)
        .containsSubsequence(
            ByteString.copyFrom(request("first")), ByteString.copyFrom(request("second")));
  }

  @Test
  void recordThatIsRefusedForNowIsTriedAgainWhileItsPartitionRests() {
    add(ZERO, 0, request("a"));
    poll();
    requests.get(0).ack().settle(DOWN);
    poll();
    assertThat(consumer.paused()).containsExactly(ZERO);
    assertThat(requests).hasSize(1);

    pass(500);
    poll();
    assertThat(requests).hasSize(2);
    accept(1);
    commit();

    assertThat(consumer.paused()).isEmpty();
    assertThat(committed(ZERO)).isEqualTo(1);
  }

  @Test
  void wrongCredentialsOfABackendAreNotTheFaultOfARecord() {
    add(ZERO, 0, request("a"));
    poll();
    requests.get(0).ack().settle(Outcome.refused(StatusCode.UNAUTHENTICATED, "key"));

    pass(500);
    poll();

    assertThat(requests).hasSize(2);
    assertThat(kept).isEmpty();
  }

  @Test
  void recordThatIsNotARequestIsKeptWithItsPlace() {
    add(ZERO, 7, "not protobuf".getBytes(UTF_8));

    poll();
    commit();

    assertThat(requests).isEmpty();
    assertThat(kept)
        .singleElement()
        .asString()
        .startsWith("INVALID_ARGUMENT topic otlp_spans, partition 0, offset 7: ");
    assertThat(committed(ZERO)).isEqualTo(8);
    assertThat(metrics.prometheusText())
        .contains("tallyspan_receiver_kafka_refused_records_total{receiver=\"kafka\"} 1");
  }

  @Test
  void recordThatIsRefusedForGoodIsKept() {
    add(ZERO, 0, request("a"));
    poll();
    requests.get(0).ack().settle(Outcome.refused(StatusCode.INVALID_ARGUMENT, "bad"));

    commit();

    assertThat(kept)
        .containsExactly("INVALID_ARGUMENT topic otlp_spans, partition 0, offset 0: bad");
    assertThat(committed(ZERO)).isEqualTo(1);
  }

  @Test
  void recordThatCannotBeKeptIsTriedAgain() {
    keeps = false;
    add(ZERO, 0, request("a"));
    poll();
    requests.get(0).ack().settle(Outcome.refused(StatusCode.INVALID_ARGUMENT, "bad"));

    commit();

    assertThat(committed(ZERO)).isEqualTo(-1);
    assertThat(requests).hasSize(2);
  }

  @Test
  void emptyRecordIsPassedOver() {
    add(ZERO, 0, new byte[0]);
    add(ZERO, 1, null);

    poll();
    commit();

    assertThat(requests).isEmpty();
    assertThat(committed(ZERO)).isEqualTo(2);
  }

  @Test
  void allPartitionsRestWhileTheRecordsInMemoryAreTooMany() {
    consumption = consumption(KafkaReceiverSettings.DEFAULT, 1000);
    add(ZERO, 0, request("x".repeat(1000)));
    poll();
    poll();
    assertThat(consumer.paused()).containsExactlyInAnyOrder(ZERO, ONE);

    accept(0);
    poll();

    assertThat(consumer.paused()).isEmpty();
  }

  @Test
  void revokedPartitionIsCommittedAsFarAsItIsSettledAndThenForgotten() {
    add(ZERO, 0, request("a"));
    add(ZERO, 1, request("b"));
    poll();
    accept(0);

    consumption.onPartitionsRevoked(List.of(ZERO));

    assertThat(committed(ZERO)).isEqualTo(1);
    assertThat(requests.get(0).ack().isWithdrawn()).isFalse();
    assertThat(requests.get(1).ack().isWithdrawn()).isTrue();
    accept(1);
    commit();
    assertThat(committed(ZERO)).isEqualTo(1);
    assertThat(consumption.isIdle()).isTrue();
  }

  @Test
  void lostPartitionIsNotCommitted() {
    add(ZERO, 0, request("a"));
    poll();
    accept(0);

    consumption.onPartitionsLost(List.of(ZERO));

    assertThat(committed(ZERO)).isEqualTo(-1);
  }

  @Test
  void closingCommitsWhatIsSettled() {
    add(ZERO, 0, request("a"));
    add(ZERO, 1, request("b"));
    poll();
    accept(0);
    consumption.stop();
    requests.get(1).ack().settle(DOWN);
    assertThat(consumption.isIdle()).isTrue();

    consumption.close();

    assertThat(synced).containsExactly(Map.entry(ZERO, new OffsetAndMetadata(1)));
    assertThat(consumer.closed()).isTrue();
    assertThat(requests).hasSize(2);
  }

  @Test
  void headersBecomeAttributesOfTheResource() throws Exception {
    consumption =
        consumption(
            new KafkaReceiverSettings(
                KafkaClientSettings.DEFAULT,
                Map.of("otlp_spans", new Topic(Signal.TRACES, KafkaEncoding.OTLP_PROTO)),
                "group",
                /* groupInstanceId= */ null,
                /* rackId= */ null,
                KafkaReceiverSettings.DEFAULT.assignors(),
                /* fromStart= */ true,
                Duration.ofSeconds(10),
                Duration.ofSeconds(3),
                1,
                1 << 20,
                1 << 20,
                Duration.ofMillis(250),
                Duration.ofSeconds(1),
                List.of("team", "absent")),
            1 << 20);
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(ZERO.topic(), 0, 0, null, request("a"));
    record.headers().add("team", "search".getBytes(UTF_8));
    consumer.addRecord(record);

    poll();

    assertThat(
            ExportTraceServiceRequest.parseFrom(requests.get(0).bytes().toByteArray())
                .getResourceSpans(0)
                .getResource()
                .getAttributesList())
        .singleElement()
        .satisfies(
            attribute -> {
              assertThat(attribute.getKey()).isEqualTo("kafka.header.team");
              assertThat(attribute.getValue().getStringValue()).isEqualTo("search");
            });
  }

  private long lag(int partition) {
    return metrics
        .prometheusText()
        .lines()
        .filter(line -> line.startsWith("otelcol_kafka_receiver_offset_lag{"))
        .filter(line -> line.contains("partition=\"" + partition + "\""))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf('}') + 1).strip()))
        .sum();
  }

  @Test
  void pageAboutScalingNamesMetricsThatExist() throws Exception {
    String exposed = metrics.prometheusText();
    Matcher names =
        Pattern.compile("\\b(tallyspan|otelcol)_[a-z0-9_]+\\b")
            .matcher(Files.readString(Path.of("..", "docs", "scaling.md")));
    int found = 0;
    while (names.find()) {
      found++;
      assertThat(exposed).contains("\n" + names.group() + "{");
    }
    assertThat(found).isEqualTo(3);
  }

  @Test
  void lagIsWhatIsNotSettled() {
    add(ZERO, 0, request("a"));
    consumer.updateEndOffsets(Map.of(ZERO, 5L, ONE, 0L));

    poll();
    assertThat(lag(0)).isEqualTo(5);
    accept(0);
    poll();

    assertThat(lag(0)).isEqualTo(4);
    assertThat(lag(1)).isZero();
  }
}
