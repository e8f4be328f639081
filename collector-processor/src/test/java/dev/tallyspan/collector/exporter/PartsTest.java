package dev.tallyspan.collector.exporter;

import static dev.tallyspan.collector.exporter.JudgingTransport.INVALID;
import static dev.tallyspan.collector.exporter.SpanRequests.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.flow.UnitSet;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PartsTest {

  private static final long TWO_SPANS = SpanRequests.request(names(0, 2)).size();

  private static Backend backend(JudgingTransport transport) {
    return backend(transport, builder -> {});
  }

  private static Backend backend(
      JudgingTransport transport, Consumer<OtlpExporter.Builder> settings) {
    return new Backend(
        builder -> {
          builder.transport = transport;
          settings.accept(builder);
        });
  }

  private static Outcome partial(int rejected, int items, UnitSet units) {
    return new Outcome.Partial(
        rejected,
        units,
        "exporter otlp_grpc/test: the backend rejected " + rejected + " of " + items + " items");
  }

  private static List<String> without(List<String> names, List<String> removed) {
    List<String> rest = new ArrayList<>(names);
    rest.removeAll(removed);
    return rest;
  }

  /* Invalid units. */

  @Test
  void oneInvalidSpanOf512IsRefusedAloneAndTheOthersAreDeliveredOnceInOrder() {
    JudgingTransport transport = JudgingTransport.refusing(List.of("300"));
    Backend backend = backend(transport);
    CompletableFuture<Outcome> answer = backend.send(names(0, 512));

    assertThat(answer).isCompletedWithValue(partial(1, 512, UnitSet.of(300)));
    assertThat(transport.accepted).isEqualTo(without(names(0, 512), List.of("300")));
    assertThat(transport.attempts).hasSize(19);
    assertThat(backend.metrics.value("otelcol_exporter_sent_spans")).isEqualTo(511);
    assertThat(backend.metrics.value("otelcol_exporter_send_failed_spans")).isEqualTo(1);
    assertThat(backend.metrics.value("otelcol_exporter_queue_size")).isZero();
  }

  @Test
  void allInvalidSpansAreFound() {
    List<String> invalid = List.of("0", "7", "8", "9", "63", "99");
    JudgingTransport transport = JudgingTransport.refusing(invalid);
    CompletableFuture<Outcome> answer = backend(transport).send(names(0, 100));

    UnitSet units = UnitSet.range(7, 10).union(UnitSet.of(0));
    assertThat(answer)
        .isCompletedWithValue(partial(6, 100, units.union(UnitSet.of(63)).union(UnitSet.of(99))));
    assertThat(transport.accepted).isEqualTo(without(names(0, 100), invalid));
  }

  @Test
  void requestOfInvalidSpansIsRefused() {
    JudgingTransport transport = JudgingTransport.refusing(names(0, 5));
    CompletableFuture<Outcome> answer = backend(transport).send(names(0, 5));

    assertThat(answer).isCompletedWithValue(INVALID);
    assertThat(transport.attempts).hasSize(9);
  }

  @Test
  void backendThatRefusesEverythingIsNotAskedAboutEachSpan() {
    JudgingTransport transport = new JudgingTransport(names -> Response.of(INVALID));
    Backend backend = backend(transport);
    CompletableFuture<Outcome> answer = backend.send(names(0, 512));

    assertThat(answer).isCompletedWithValue(INVALID);
    assertThat(transport.attempts).hasSize(21);
    assertThat(backend.metrics.value("otelcol_exporter_send_failed_spans")).isEqualTo(512);
    assertThat(backend.metrics.value("otelcol_exporter_queue_size")).isZero();
  }

  @Test
  void manyInvalidSpansAreAllFoundIfTheBackendAcceptedOne() {
    JudgingTransport transport = JudgingTransport.refusing(names(1, 40));
    CompletableFuture<Outcome> answer = backend(transport).send(names(0, 50));

    assertThat(answer).isCompletedWithValue(partial(40, 50, UnitSet.range(1, 41)));
    assertThat(transport.accepted).isEqualTo(without(names(0, 50), names(1, 40)));
  }

  @Test
  void requestThatIsRefusedWhateverIsInItIsNotDivided() {
    Outcome.Refused key = new Outcome.Refused(StatusCode.UNAUTHENTICATED, "key", null);
    JudgingTransport transport = new JudgingTransport(names -> Response.of(key));
    CompletableFuture<Outcome> answer = backend(transport).send(names(0, 512));

    assertThat(answer).isCompletedWithValue(key);
    assertThat(transport.attempts).hasSize(1);
  }

  @Test
  void invalidSpanInABatchIsFound() {
    JudgingTransport transport = JudgingTransport.refusing(List.of("12"));
    Backend backend =
        backend(
            transport,
            builder ->
                builder.queue(
                    QueueSettings.DEFAULT.withBatch(
                        new BatchSettings(Duration.ofSeconds(1), 30, 0, Sizer.ITEMS))));
    CompletableFuture<Outcome> a = backend.send(names(0, 10));
    CompletableFuture<Outcome> b = backend.send(names(10, 10));
    CompletableFuture<Outcome> c = backend.send(names(20, 10));

    assertThat(a).isCompletedWithValue(Outcome.ACCEPTED);
    assertThat(b).isCompletedWithValue(partial(1, 10, UnitSet.of(2)));
    assertThat(c).isCompletedWithValue(Outcome.ACCEPTED);
    assertThat(transport.accepted)
        .containsExactlyInAnyOrderElementsOf(without(names(0, 30), List.of("12")));
  }

  @Test
  void partialSuccessOfAPartCountsWithoutSayingWhich() {
    JudgingTransport transport =
        new JudgingTransport(
            names -> Response.of(names.contains("0") ? INVALID : new Outcome.Partial(1, "theirs")));
    CompletableFuture<Outcome> answer = backend(transport).send(names(0, 8));

    // Span 0, which is invalid; span 1, which is all of a part; one of two, and one of four.
    assertThat(answer).isCompletedWithValue(partial(4, 8, UnitSet.range(0, 2)));
  }

  @Test
  void metricsAreDividedByMetricAndCountedByDataPoint() {
    ScopeMetrics.Builder scope = ScopeMetrics.newBuilder();
    for (int points = 1; points <= 4; points++) {
      Gauge.Builder gauge = Gauge.newBuilder();
      for (int i = 0; i < points; i++) {
        gauge.addDataPoints(NumberDataPoint.newBuilder().setAsInt(i));
      }
      scope.addMetrics(Metric.newBuilder().setName("metric" + points).setGauge(gauge));
    }
    Slices request =
        Slices.of(
            ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder().addScopeMetrics(scope))
                .build()
                .toByteArray());
    Backend backend = new Backend(builder -> {});
    CompletableFuture<Outcome> answer =
        Sending.send(backend.exporter, Signal.METRICS, request, 1 + 2 + 3 + 4);
    for (int i = 0; i < backend.transport.attempts.size(); i++) {
      ScriptedTransport.Attempt attempt = backend.transport.attempts.get(i);
      attempt.answer().complete(attempt.body().contains("metric3") ? INVALID : Outcome.ACCEPTED);
    }

    assertThat(answer).isCompletedWithValue(partial(3, 10, UnitSet.of(2)));
    assertThat(backend.metrics.value("otelcol_exporter_sent_metric_points")).isEqualTo(7);
    assertThat(backend.metrics.value("otelcol_exporter_send_failed_metric_points")).isEqualTo(3);
  }

  /* Sizes. */

  private static JudgingTransport limited(int maxSpans, long named) {
    return new JudgingTransport(
        names ->
            names.size() > maxSpans
                ? Response.tooLarge(
                    new Outcome.Refused(StatusCode.RESOURCE_EXHAUSTED, "large", null), named)
                : Response.of(Outcome.ACCEPTED));
  }

  @Test
  void requestLargerThanTheConfiguredLimitIsSentInPartsInOrder() {
    JudgingTransport transport = JudgingTransport.refusing(List.of());
    Backend backend = backend(transport, builder -> builder.maxRequestBytes(1000));
    CompletableFuture<Outcome> answer =
        Sending.send(
            backend.exporter, Signal.TRACES, SpanRequests.request(names(0, 100), 100), 100);

    assertThat(answer).isCompletedWithValue(Outcome.ACCEPTED);
    assertThat(transport.accepted).isEqualTo(names(0, 100));
    assertThat(transport.sizes).allMatch(size -> size <= 1000).hasSize(13);
    assertThat(backend.metrics.value("otelcol_exporter_sent_spans")).isEqualTo(100);
  }

  @Test
  void partsOfARequestAreSentOneAfterAnother() {
    Backend backend = new Backend(builder -> builder.maxRequestBytes(TWO_SPANS));
    CompletableFuture<Outcome> answer = backend.send(names(0, 3));
    assertThat(backend.transport.attempts).hasSize(1);
    backend.transport.last().accept();
    assertThat(backend.transport.attempts).hasSize(2);
    assertThat(answer).isNotDone();
    assertThat(backend.metrics.value("otelcol_exporter_queue_size")).isEqualTo(1);
    backend.transport.last().accept();

    assertThat(answer).isCompletedWithValue(Outcome.ACCEPTED);
    assertThat(backend.transport.attempts.stream().flatMap(attempt -> attempt.names().stream()))
        .containsExactly("0", "1", "2");
  }

  @Test
  void limitThatTheBackendNamesIsLearned() {
    JudgingTransport transport = limited(3, /* named= */ 60);
    Backend backend = backend(transport);
    assertThat(backend.send(names(0, 9))).isCompletedWithValue(Outcome.ACCEPTED);
    assertThat(transport.attempts.get(0)).hasSize(9);
    transport.attempts.clear();
    transport.sizes.clear();

    assertThat(backend.send(names(9, 9))).isCompletedWithValue(Outcome.ACCEPTED);
    assertThat(transport.sizes).allMatch(size -> size <= 60);
    assertThat(transport.accepted).isEqualTo(names(0, 18));
  }

  @Test
  void withoutANamedLimitHalfOfWhatWasRefusedIsTried() {
    JudgingTransport transport = limited(4, /* named= */ 0);
    Backend backend = backend(transport);
    int size = 100_000;
    assertThat(
            Sending.send(
                backend.exporter, Signal.TRACES, SpanRequests.request(names(0, 16), size), 16))
        .isCompletedWithValue(Outcome.ACCEPTED);
    assertThat(transport.attempts.stream().map(List::size))
        .startsWith(16, 7, 3)
        .allMatch(spans -> spans <= 16);
    transport.attempts.clear();

    Sending.send(backend.exporter, Signal.TRACES, SpanRequests.request(names(16, 16), size), 16);
    assertThat(transport.attempts).allMatch(spans -> spans.size() <= 4);
    assertThat(transport.accepted).isEqualTo(names(0, 32));
  }

  @Test
  void spanLargerThanAGuessedLimitIsTried() {
    JudgingTransport transport = limited(1, /* named= */ 0);
    Backend backend = backend(transport);
    assertThat(
            Sending.send(
                backend.exporter, Signal.TRACES, SpanRequests.request(names(0, 2), 200_000), 2))
        .isCompletedWithValue(Outcome.ACCEPTED);
    assertThat(
            Sending.send(
                backend.exporter, Signal.TRACES, SpanRequests.request(names(2, 1), 900_000), 1))
        .isCompletedWithValue(Outcome.ACCEPTED);
  }

  @Test
  void spanLargerThanTheLimitIsRefusedAloneWithoutAnAttempt() {
    JudgingTransport transport = JudgingTransport.refusing(List.of());
    Backend backend = backend(transport, builder -> builder.maxRequestBytes(500));
    Slices request = new Slices();
    request.add(SpanRequests.request(names(0, 3)));
    request.add(SpanRequests.request(names(3, 20), 600));
    request.add(SpanRequests.request(names(23, 3)));
    CompletableFuture<Outcome> answer = Sending.send(backend.exporter, Signal.TRACES, request, 26);

    assertThat(answer).isCompletedWithValue(partial(20, 26, UnitSet.range(3, 23)));
    assertThat(transport.attempts).containsExactly(names(0, 3), names(23, 3));
  }

  @Test
  void requestOfOneSpanLargerThanTheLimitIsRefused() {
    JudgingTransport transport = JudgingTransport.refusing(List.of());
    Backend backend = backend(transport, builder -> builder.maxRequestBytes(500));
    Slices request = SpanRequests.request(names(0, 1), 600);

    assertThat(Sending.send(backend.exporter, Signal.TRACES, request, 1))
        .isCompletedWithValue(
            Outcome.refused(
                StatusCode.RESOURCE_EXHAUSTED,
                "exporter otlp_grpc/test: "
                    + request.size()
                    + " bytes that cannot be split are more than the limit of 500 bytes"));
    assertThat(transport.attempts).isEmpty();
  }

  @Test
  void requestOfMoreThan64MebibytesIsSplit() {
    JudgingTransport transport = JudgingTransport.refusing(List.of());
    Backend backend = backend(transport);
    Slices request = SpanRequests.request(names(0, 70), 1 << 20);

    assertThat(Sending.send(backend.exporter, Signal.TRACES, request, 70))
        .isCompletedWithValue(Outcome.ACCEPTED);
    assertThat(transport.accepted).isEqualTo(names(0, 70));
    assertThat(transport.sizes).hasSize(2).allMatch(size -> size <= 64 << 20);
  }

  @Test
  void batchesDoNotGrowBeyondTheLimit() {
    JudgingTransport transport = JudgingTransport.refusing(List.of());
    Backend backend =
        backend(
            transport,
            builder ->
                builder
                    .maxRequestBytes(200)
                    .queue(
                        QueueSettings.DEFAULT.withBatch(
                            new BatchSettings(Duration.ofSeconds(1), 100, 0, Sizer.ITEMS))));
    for (int i = 0; i < 10; i++) {
      backend.send(names(3 * i, 3));
    }
    backend.timer.advance(Duration.ofSeconds(1));

    assertThat(transport.accepted).isEqualTo(names(0, 30));
    assertThat(transport.sizes).allMatch(size -> size <= 200).hasSizeLessThan(10);
  }

  @Test
  void largeRequestThatTimesOutAgainAndAgainIsHalved() {
    Outcome late = Outcome.refused(StatusCode.DEADLINE_EXCEEDED, "late");
    JudgingTransport transport =
        new JudgingTransport(names -> Response.of(names.size() > 3 ? late : Outcome.ACCEPTED));
    Backend backend = backend(transport, builder -> builder.patient(true));
    CompletableFuture<Outcome> answer =
        Sending.send(
            backend.exporter, Signal.TRACES, SpanRequests.request(names(0, 12), 100_000), 12);
    backend.timer.advance(Duration.ofMinutes(10));

    assertThat(answer).isCompletedWithValue(Outcome.ACCEPTED);
    assertThat(transport.accepted).isEqualTo(names(0, 12));
    assertThat(transport.attempts.stream().map(List::size))
        .containsExactly(12, 12, 12, 6, 6, 6, 3, 3, 6, 6, 6, 3, 3);
  }

  @Test
  void smallRequestThatTimesOutAgainAndAgainIsNotDivided() {
    Outcome late = Outcome.refused(StatusCode.DEADLINE_EXCEEDED, "late");
    JudgingTransport transport = new JudgingTransport(names -> Response.of(late));
    Backend backend = backend(transport, builder -> builder.patient(true));
    backend.send(names(0, 12));
    backend.timer.advance(Duration.ofMinutes(10));

    assertThat(transport.attempts).hasSizeGreaterThan(10).containsOnly(names(0, 12));
  }

  /* What happens between the parts. */

  @Test
  void partThatFailsIsRetriedAndThoseBeforeItAreNotSentAgain() {
    Backend backend = new Backend(builder -> builder.maxRequestBytes(TWO_SPANS));
    CompletableFuture<Outcome> answer = backend.send(names(0, 3));
    backend.transport.last().accept();
    backend.transport.last().fail();
    backend.timer.advance(Duration.ofSeconds(5));
    backend.transport.last().accept();

    assertThat(answer).isCompletedWithValue(Outcome.ACCEPTED);
    List<ScriptedTransport.Attempt> attempts = backend.transport.attempts;
    assertThat(attempts).hasSize(3);
    assertThat(attempts.get(2).names()).isEqualTo(attempts.get(1).names());
  }

  @Test
  void requestIsRefusedAsRetryableIfAPartCannotBeDelivered() {
    Backend backend =
        new Backend(builder -> builder.maxRequestBytes(TWO_SPANS).retry(RetrySettings.DISABLED));
    CompletableFuture<Outcome> answer = backend.send(names(0, 5));
    backend.transport.last().accept();
    backend.transport.last().fail();

    assertThat(answer).isCompletedWithValue(ScriptedTransport.DOWN);
    assertThat(backend.transport.attempts).hasSize(2);
    int delivered = backend.transport.attempts.get(0).names().size();
    assertThat(backend.metrics.value("otelcol_exporter_sent_spans")).isEqualTo(delivered);
    assertThat(backend.metrics.value("otelcol_exporter_send_failed_spans"))
        .isEqualTo(5 - delivered);
    assertThat(backend.metrics.value("otelcol_exporter_queue_size")).isZero();
  }

  @Test
  void afterTheSenderHasGoneNoMorePartsAreSent() {
    Backend backend = new Backend(builder -> builder.maxRequestBytes(TWO_SPANS));
    CompletableFuture<Outcome> answer = backend.send(names(0, 5));
    answer.cancel(/* mayInterruptIfRunning= */ false);
    backend.transport.last().accept();

    assertThat(backend.transport.attempts).hasSize(1);
    assertThat(backend.metrics.value("otelcol_exporter_queue_size")).isZero();
  }

  @Test
  void closingBetweenPartsRefusesTheRequestAsRetryable() {
    Backend backend = new Backend(builder -> builder.maxRequestBytes(TWO_SPANS));
    CompletableFuture<Outcome> answer = backend.send(names(0, 5));
    backend.transport.last().accept();
    backend.exporter.close(Duration.ZERO);

    assertThat(answer.join())
        .isEqualTo(
            Outcome.refused(
                StatusCode.UNAVAILABLE,
                "exporter otlp_grpc/test: was closed before it was delivered"));
    backend.transport.last().accept();
    assertThat(backend.transport.attempts).hasSize(2);
  }

  @Test
  void requestThatIsDividedGoesBeforeThoseThatWait() {
    Backend backend =
        new Backend(
            builder -> builder.queue(new QueueSettings(true, 1, 10, Sizer.REQUESTS, 0, null)));
    backend.send(names(0, 2));
    backend.send(names(2, 1));
    backend.transport.last().answer().complete(INVALID);
    backend.transport.last().accept();
    backend.transport.last().accept();
    backend.transport.last().accept();

    assertThat(backend.transport.attempts.stream().map(ScriptedTransport.Attempt::names))
        .containsExactly(names(0, 2), names(0, 1), names(1, 1), names(2, 1));
  }
}
