package dev.tallyspan.collector.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.flow.UnitSet;
import dev.tallyspan.collector.wire.Slices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PartsStressTest {
  private static final int REQUESTS = 600;
  private static final int MAX_BYTES = 700;

  /** Fails at random, refuses some spans as invalid, and has a limit that it names. */
  private static final class MoodyTransport implements Transport {
    final ExecutorService threads = Executors.newFixedThreadPool(3);
    final Map<String, Integer> accepted = new ConcurrentHashMap<>();
    private final Random random = new Random(5);

    @Override
    public CompletableFuture<Response> send(
        Signal signal, Map<String, String> headers, Slices request) {
      byte[] body = request.toByteArray();
      int dice;
      synchronized (random) {
        dice = random.nextInt(100);
      }
      return CompletableFuture.supplyAsync(() -> respond(body, dice), threads);
    }

    private Response respond(byte[] body, int dice) {
      if (dice < 10) {
        return Response.of(Outcome.refused(StatusCode.UNAVAILABLE, "down"));
      }
      if (body.length > MAX_BYTES) {
        return Response.tooLarge(
            new Outcome.Refused(StatusCode.RESOURCE_EXHAUSTED, "large", null),
            dice < 50 ? MAX_BYTES : 0);
      }
      List<String> names = SpanRequests.names(body);
      if (names.stream().anyMatch(PartsStressTest::isInvalid)) {
        return Response.of(JudgingTransport.INVALID);
      }
      names.forEach(name -> accepted.merge(name, 1, Integer::sum));
      return Response.of(Outcome.ACCEPTED);
    }

    @Override
    public void close() {
      threads.shutdown();
    }
  }

  private static boolean isInvalid(String name) {
    return name.hashCode() % 29 == 3;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everySpanIsDeliveredOnceExceptTheInvalidOnesWhichAreNamed(boolean batching)
      throws Exception {
    MoodyTransport transport = new MoodyTransport();
    Metrics metrics = new Metrics();
    OtlpExporter.Builder builder =
        OtlpExporter.builder("otlp_grpc/test", Protocol.GRPC)
            .meter(metrics.meter())
            .patient(true)
            .retry(
                new RetrySettings(
                    true, Duration.ofNanos(1000), 1.5, 0.5, Duration.ofMillis(2), Duration.ZERO))
            .queue(
                QueueSettings.DEFAULT.withBatch(
                    batching ? new BatchSettings(Duration.ofMillis(1), 80, 0, Sizer.ITEMS) : null));
    builder.transport = transport;
    OtlpExporter exporter = builder.build();
    List<CountingAck> acks = new ArrayList<>();
    List<List<String>> requests = new ArrayList<>();
    Random random = new Random(6);
    for (int i = 0; i < REQUESTS; i++) {
      // A request whose first spans are all invalid would look hopeless.
      String valid = i + "/first";
      List<String> names = new ArrayList<>(List.of(isInvalid(valid) ? valid + "!" : valid));
      for (int j = random.nextInt(60); j > 0; j--) {
        names.add(i + "/" + j);
      }
      requests.add(names);
      acks.add(new CountingAck());
      exporter.send(
          new OtlpRequest(Signal.TRACES, SpanRequests.request(names), names.size(), acks.get(i)));
    }
    await().until(() -> acks.stream().noneMatch(ack -> ack.outcomes.isEmpty()));
    exporter.close(Duration.ofSeconds(10));

    long rejected = 0;
    for (int i = 0; i < REQUESTS; i++) {
      List<String> names = requests.get(i);
      UnitSet invalid = UnitSet.EMPTY;
      for (int unit = 0; unit < names.size(); unit++) {
        boolean bad = isInvalid(names.get(unit));
        invalid = bad ? invalid.union(UnitSet.of(unit)) : invalid;
        rejected += bad ? 1 : 0;
        assertThat(transport.accepted.getOrDefault(names.get(unit), 0))
            .as(names.get(unit))
            .isEqualTo(bad ? 0 : 1);
      }
      assertThat(acks.get(i).outcomes).hasSize(1);
      Outcome outcome = acks.get(i).outcomes.element();
      if (invalid.isEmpty()) {
        assertThat(outcome).isEqualTo(Outcome.ACCEPTED);
      } else {
        assertThat(((Outcome.Partial) outcome).units()).isEqualTo(invalid);
        assertThat(((Outcome.Partial) outcome).rejected()).isEqualTo(invalid.size());
      }
    }
    assertThat(rejected).isPositive();
    assertThat(metrics.value("otelcol_exporter_send_failed_spans")).isEqualTo(rejected);
    assertThat(metrics.value("otelcol_exporter_sent_spans")).isEqualTo(transport.accepted.size());
  }

  @Test
  void closingBetweenPartsSettlesEveryRequestOnce() {
    MoodyTransport transport = new MoodyTransport();
    OtlpExporter.Builder builder =
        OtlpExporter.builder("otlp_grpc/test", Protocol.GRPC).patient(true);
    builder.transport = transport;
    OtlpExporter exporter = builder.build();
    List<CountingAck> acks = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      acks.add(new CountingAck());
      Slices request = SpanRequests.request(SpanRequests.names(100 * i, 100));
      exporter.send(new OtlpRequest(Signal.TRACES, request, 100, acks.get(i)));
    }
    await().until(() -> acks.stream().anyMatch(ack -> !ack.outcomes.isEmpty()));
    exporter.close(Duration.ofMillis(20));

    // The last may be settled while close() returns.
    await()
        .untilAsserted(
            () -> assertThat(acks).allSatisfy(ack -> assertThat(ack.outcomes).hasSize(1)));
    for (int i = 0; i < REQUESTS; i++) {
      if (acks.get(i).outcomes.element() instanceof Outcome.Refused refused) {
        assertThat(refused.code()).isEqualTo(StatusCode.UNAVAILABLE);
      } else {
        assertThat(SpanRequests.names(100 * i, 100))
            .allMatch(name -> transport.accepted.containsKey(name) != isInvalid(name));
      }
    }
  }
}
