package dev.tallyspan.collector.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.Slices;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QueueStressTest {
  private static final int SENDERS = 4;
  private static final int REQUESTS = 3000;

  /** BackendResponses at random, from threads of its own; remembers which requests it accepted. */
  private static final class RandomTransport implements Transport {
    final ExecutorService threads = Executors.newFixedThreadPool(3);
    final AtomicIntegerArray accepted = new AtomicIntegerArray(SENDERS * REQUESTS);
    final AtomicLong acceptedItems = new AtomicLong();
    private final Random random = new Random(11);

    @Override
    public CompletableFuture<Response> send(
        Signal signal, Map<String, String> headers, Slices request) {
      ByteBuffer body = ByteBuffer.wrap(request.toByteArray());
      int dice;
      synchronized (random) {
        dice = random.nextInt(100);
      }
      CompletableFuture<Outcome> outcome =
          CompletableFuture.supplyAsync(
              () -> {
                if (dice < 10) {
                  return Outcome.refused(StatusCode.UNAVAILABLE, "down");
                }
                if (dice < 12) {
                  return new Outcome.Refused(StatusCode.UNAVAILABLE, "busy", Duration.ofMillis(1));
                }
                ByteBuffer ids = body.duplicate();
                while (ids.hasRemaining()) {
                  if (isPoison(ids.getInt())) {
                    return Outcome.refused(StatusCode.INVALID_ARGUMENT, "bad");
                  }
                }
                while (body.hasRemaining()) {
                  accepted.incrementAndGet(body.getInt());
                  acceptedItems.incrementAndGet();
                }
                return Outcome.ACCEPTED;
              },
              threads);
      return outcome.thenApply(Response::of);
    }

    @Override
    public void close() {
      threads.shutdown();
    }
  }

  /** A request that the backend refuses for good, with whatever it is sent. */
  private static boolean isPoison(int request) {
    return request % 33 == 7;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyRequestIsAnsweredOnceAndTruly(boolean batching) throws Exception {
    RandomTransport transport = new RandomTransport();
    Metrics metrics = new Metrics();
    OtlpExporter.Builder builder =
        OtlpExporter.builder("otlp_grpc/test", Protocol.GRPC)
            .meter(metrics.meter())
            .retry(
                new RetrySettings(
                    true, Duration.ofNanos(1000), 1.5, 0.5, Duration.ofMillis(2), Duration.ZERO))
            .queue(
                new QueueSettings(
                    true,
                    4,
                    200,
                    Sizer.REQUESTS,
                    0,
                    batching ? new BatchSettings(Duration.ofMillis(1), 10, 0, Sizer.ITEMS) : null));
    builder.transport = transport;
    OtlpExporter exporter = builder.build();
    AtomicLong accepted = new AtomicLong();
    AtomicLong rejected = new AtomicLong();
    AtomicLong full = new AtomicLong();
    AtomicLong cancelled = new AtomicLong();
    AtomicLong untrue = new AtomicLong();
    ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
    for (int sender = 0; sender < SENDERS; sender++) {
      int first = sender * REQUESTS;
      senders.execute(
          () -> {
            for (int id = first; id < first + REQUESTS; id++) {
              int request = id;
              byte[] body = ByteBuffer.allocate(4).putInt(id).array();
              CompletableFuture<Outcome> answer =
                  Sending.send(exporter, Signal.TRACES, Slices.of(body), 1);
              answer.whenComplete(
                  (outcome, failure) -> {
                    if (failure != null) {
                      cancelled.incrementAndGet();
                    } else if (outcome == Outcome.ACCEPTED) {
                      accepted.incrementAndGet();
                      if (transport.accepted.get(request) != 1) {
                        untrue.incrementAndGet();
                      }
                    } else if (((Outcome.Refused) outcome).code() == StatusCode.UNAVAILABLE) {
                      full.incrementAndGet();
                    } else {
                      rejected.incrementAndGet();
                      if (!isPoison(request)) {
                        untrue.incrementAndGet();
                      }
                    }
                  });
              if (id % 10 == 0) {
                answer.cancel(/* mayInterruptIfRunning= */ false);
              } else if (id % 50 == 1) {
                answer.join();
              }
            }
          });
    }
    senders.shutdown();
    assertThat(senders.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
    long all = SENDERS * REQUESTS;
    await().until(() -> accepted.get() + rejected.get() + full.get() + cancelled.get() == all);
    await().until(() -> metrics.value("otelcol_exporter_queue_size") == 0);
    await().until(() -> metrics.value("otelcol_exporter_in_flight_requests") == 0);
    exporter.close(Duration.ofSeconds(10));

    assertThat(untrue).hasValue(0);
    assertThat(accepted.get()).isPositive();
    assertThat(rejected.get()).isPositive();
    assertThat(metrics.value("otelcol_exporter_sent_spans"))
        .isEqualTo(transport.acceptedItems.get());
    assertThat(metrics.value("otelcol_exporter_enqueue_failed_spans")).isEqualTo(full.get());
  }

  @Test
  void closingUnderLoadAnswersEveryRequest() throws Exception {
    RandomTransport transport = new RandomTransport();
    OtlpExporter.Builder builder = OtlpExporter.builder("otlp_grpc/test", Protocol.GRPC);
    builder.transport = transport;
    OtlpExporter exporter = builder.build();
    AtomicLong answered = new AtomicLong();
    ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
    for (int sender = 0; sender < SENDERS; sender++) {
      int first = sender * REQUESTS;
      senders.execute(
          () -> {
            for (int id = first; id < first + REQUESTS; id++) {
              byte[] body = ByteBuffer.allocate(4).putInt(id).array();
              Sending.send(exporter, Signal.TRACES, Slices.of(body), 1)
                  .thenRun(answered::incrementAndGet);
            }
          });
    }
    await().until(() -> answered.get() > 100);
    exporter.close(Duration.ofMillis(50));
    senders.shutdown();

    assertThat(senders.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
    // The last may be settled while close() returns.
    await().untilAsserted(() -> assertThat(answered).hasValue(SENDERS * REQUESTS));
  }
}
