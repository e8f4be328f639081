package dev.tallyspan.collector.output.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.exporter.OtlpExporter;
import dev.tallyspan.collector.exporter.Response;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.kafka.KafkaClientSettings;
import dev.tallyspan.collector.kafka.KafkaEncoding;
import dev.tallyspan.collector.kafka.KafkaTopics;
import dev.tallyspan.collector.output.kafka.KafkaExportSettings.Codec;
import dev.tallyspan.collector.output.kafka.KafkaExportSettings.Hasher;
import dev.tallyspan.collector.output.kafka.KafkaExportSettings.Topic;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class KafkaTransportTest {

  private static final String FIRST = "0102030405060708090a0b0c0d0e0f10";
  private static final String SECOND = "ff02030405060708090a0b0c0d0e0f10";

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());

  private static KafkaExportSettings settings(
      boolean byTrace, KafkaEncoding encoding, int maxMessageBytes) {
    Map<Signal, Topic> topics = new EnumMap<>(Signal.class);
    for (Signal signal : Signal.values()) {
      topics.put(signal, new Topic(KafkaTopics.ofSignal(signal), encoding));
    }
    return new KafkaExportSettings(
        KafkaClientSettings.DEFAULT,
        topics,
        Map.of("origin", "edge"),
        byTrace,
        Hasher.SARAMA_COMPAT,
        /* requiredAcks= */ -1,
        Codec.NONE,
        /* compressionLevel= */ null,
        maxMessageBytes,
        Duration.ofMillis(10),
        Duration.ofSeconds(5));
  }

  private KafkaTransport transport(boolean byTrace) {
    return new KafkaTransport(
        "kafka", settings(byTrace, KafkaEncoding.OTLP_PROTO, 1_000_000), producer);
  }

  private static Span span(String trace, String name) {
    return Span.newBuilder()
        .setTraceId(ByteString.fromHex(trace))
        .setSpanId(ByteString.fromHex("0102030405060708"))
        .setName(name)
        .build();
  }

  private static ExportTraceServiceRequest request(Span... spans) {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .addScopeSpans(
                    ScopeSpans.newBuilder()
                        .setScope(InstrumentationScope.newBuilder().setName("scope"))
                        .addAllSpans(List.of(spans))))
        .build();
  }

  private static Slices bytes(ExportTraceServiceRequest request) {
    return Slices.of(request.toByteArray());
  }

  private static CompletableFuture<Response> send(
      KafkaTransport transport, ExportTraceServiceRequest request) {
    return transport.send(Signal.TRACES, Map.of(), bytes(request));
  }

  @Test
  void requestIsOneRecordWithItsBytes() {
    ExportTraceServiceRequest request = request(span(FIRST, "a"), span(SECOND, "b"));

    CompletableFuture<Response> response = send(transport(false), request);

    assertThat(producer.history()).hasSize(1);
    ProducerRecord<byte[], byte[]> written = producer.history().get(0);
    assertThat(written.topic()).isEqualTo("otlp_spans");
    assertThat(written.key()).isNull();
    assertThat(written.value()).isEqualTo(request.toByteArray());
    assertThat(written.headers().lastHeader("origin").value()).isEqualTo("edge".getBytes(UTF_8));
    assertThat(response).isNotDone();
    producer.completeNext();
    assertThat(response.join().outcome()).isEqualTo(Outcome.ACCEPTED);
  }

  @Test
  void byTraceEachTraceIsARecordWithItsIdAsKey() throws Exception {
    ExportTraceServiceRequest request =
        request(span(FIRST, "a"), span(SECOND, "b"), span(FIRST, "c"));

    CompletableFuture<Response> response = send(transport(true), request);

    assertThat(producer.history())
        .extracting(each -> new String(each.key(), UTF_8))
        .containsExactly(FIRST, SECOND);
    assertThat(ExportTraceServiceRequest.parseFrom(producer.history().get(0).value()))
        .isEqualTo(request(span(FIRST, "a"), span(FIRST, "c")));
    assertThat(ExportTraceServiceRequest.parseFrom(producer.history().get(1).value()))
        .isEqualTo(request(span(SECOND, "b")));
    producer.completeNext();
    assertThat(response).isNotDone();
    producer.completeNext();
    assertThat(response.join().outcome()).isEqualTo(Outcome.ACCEPTED);
  }

  @Test
  void byTraceSpansWithoutAValidTraceHaveNoKey() {
    send(transport(true), request(span(FIRST, "a"), span("0102", "b")));

    assertThat(producer.history().get(1).key()).isNull();
  }

  @Test
  void byTraceARequestOfOneTraceKeepsItsBytes() {
    ExportTraceServiceRequest request = request(span(FIRST, "a"), span(FIRST, "b"));

    send(transport(true), request);

    assertThat(producer.history().get(0).value()).isEqualTo(request.toByteArray());
    assertThat(producer.history().get(0).key()).isEqualTo(FIRST.getBytes(UTF_8));
  }

  @Test
  void jsonIsWrittenIfConfigured() {
    KafkaTransport transport =
        new KafkaTransport("kafka", settings(false, KafkaEncoding.OTLP_JSON, 1_000_000), producer);

    send(transport, request(span(FIRST, "a")));

    assertThat(new String(producer.history().get(0).value(), UTF_8))
        .startsWith("{\"resourceSpans\":")
        .contains(FIRST);
  }

  @Test
  void temporaryFailureOfOneRecordRefusesTheRequestForNow() {
    CompletableFuture<Response> response =
        send(transport(true), request(span(FIRST, "a"), span(SECOND, "b")));

    producer.errorNext(new NotLeaderOrFollowerException("moved"));
    producer.completeNext();

    assertThat(response.join().outcome())
        .isInstanceOfSatisfying(
            Outcome.Refused.class, refused -> assertThat(refused.retryable()).isTrue());
  }

  @Test
  void failuresAreSorted() {
    assertThat(codeOf(new SaslAuthenticationException("no"))).isEqualTo(StatusCode.UNAUTHENTICATED);
    assertThat(codeOf(new TopicAuthorizationException("no")))
        .isEqualTo(StatusCode.PERMISSION_DENIED);
    assertThat(codeOf(new InvalidTopicException("no"))).isEqualTo(StatusCode.UNIMPLEMENTED);
    assertThat(codeOf(new RecordTooLargeException("no"))).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
    assertThat(codeOf(new IllegalArgumentException("no"))).isEqualTo(StatusCode.UNAVAILABLE);
  }

  private StatusCode codeOf(RuntimeException failure) {
    CompletableFuture<Response> response = send(transport(false), request(span(FIRST, "a")));
    producer.errorNext(failure);
    return ((Outcome.Refused) response.join().outcome()).code();
  }

  @Test
  void recordThatIsTooLargeIsNotTried() {
    KafkaTransport transport =
        new KafkaTransport("kafka", settings(false, KafkaEncoding.OTLP_PROTO, 1024), producer);

    Response response = send(transport, request(span(FIRST, "x".repeat(1000)))).join();

    assertThat(response.tooLarge()).isTrue();
    assertThat(producer.history()).isEmpty();
  }

  /** The exporter over this transport splits, and refuses for good what cannot be split. */
  @Test
  void exporterDeliversTheSpansThatFit() throws Exception {
    MockProducer<byte[], byte[]> answering =
        new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    KafkaExportSettings settings = settings(false, KafkaEncoding.OTLP_PROTO, 1024);
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    try (OtlpExporter exporter =
        OtlpExporter.builder("kafka", new KafkaTransport("kafka", settings, answering))
            .maxRequestBytes(settings.maxValueBytes())
            .build()) {
      exporter.send(
          new OtlpRequest(
              Signal.TRACES,
              bytes(
                  request(
                      span(FIRST, "a".repeat(500)),
                      span(FIRST, "b".repeat(2000)),
                      span(FIRST, "c".repeat(500)))),
              3,
              new SenderAck(outcome::complete)));

      assertThat(outcome.get(60, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              Outcome.Partial.class, partial -> assertThat(partial.rejected()).isEqualTo(1));
    }
    assertThat(answering.history()).hasSize(2);
  }

  @Test
  void settingsAreCheckedTogether() {
    assertThatThrownBy(() -> settings(false, KafkaEncoding.OTLP_PROTO, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("max_message_bytes=10: must be at least 1024");
  }

  @Test
  void producerWaitsForAllReplicasAndDoesNotRetryBeyondAnAttempt() {
    assertThat(KafkaTransport.properties(settings(true, KafkaEncoding.OTLP_PROTO, 2_000_000)))
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true)
        .containsEntry("request.timeout.ms", 5000)
        .containsEntry("delivery.timeout.ms", 5010)
        .containsEntry("max.request.size", 2_000_000)
        .containsEntry("batch.size", 131_072)
        .containsEntry("partitioner.class", SaramaPartitioner.class)
        .containsEntry("security.protocol", "PLAINTEXT");
  }

  @Test
  void batchIsNotLargerThanARecordMayBe() {
    assertThat(KafkaTransport.properties(settings(true, KafkaEncoding.OTLP_PROTO, 20_000)))
        .containsEntry("batch.size", 20_000);
  }
}
