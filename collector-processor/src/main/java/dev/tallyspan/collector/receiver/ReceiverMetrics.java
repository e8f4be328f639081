package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.PerSignal;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.listen.ConnectionLimit;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.BatchCallback;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.function.LongSupplier;

/**
 * Counts requests and their items under the names of the OpenTelemetry Collector's receivers.
 *
 * <p>Items are counted here, from the bytes, and not by the intake. So every request that reaches
 * the intake is counted once, regardless of its outcome, and the sum is independent of the
 * pipeline's own count. A request that does not reach the intake is counted by its reason, without
 * items, except for scores that are not valid: they are refused items. Thread-safe; no method
 * blocks.
 *
 * <p>As in the Collector, an item is refused if what comes after the receiver does not take it, for
 * example because the backend refused it, and failed if the receiver itself is at fault.
 *
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-collector/blob/main/receiver/receiverhelper/documentation.md">receiverhelper,
 *     internal telemetry</a>
 */
public final class ReceiverMetrics implements ConnectionLimit.Events {

  private static final AttributeKey<String> RECEIVER = AttributeKey.stringKey("receiver");
  private static final AttributeKey<String> TRANSPORT = AttributeKey.stringKey("transport");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("outcome");
  private static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");

  private final PerSignal<LongCounter> accepted;
  private final PerSignal<LongCounter> refused;
  private final PerSignal<LongCounter> failed;
  private final LongCounter requests;
  private final LongCounter rejectedConnections;
  private final LongCounter acceptFailures;
  private final String server;
  private final Attributes labels;
  private final Attributes succeeded;

  public ReceiverMetrics(Meter meter, String receiver, String transport) {
    accepted = counters(meter, "accepted_", " successfully pushed into the pipeline");
    refused = counters(meter, "refused_", " that the pipeline refused");
    failed = counters(meter, "failed_", " lost because of an internal error");
    requests = counter(meter, "requests", "requests by their outcome");
    rejectedConnections =
        meter
            .counterBuilder("tallyspan_receiver_rejected_connections")
            .setDescription("Number of connections closed because of max_connections.")
            .build();
    acceptFailures =
        meter
            .counterBuilder("tallyspan_receiver_accept_failures")
            .setDescription("Number of connections that the system did not accept.")
            .build();
    server = "receiver " + receiver + " (" + transport + ")";
    labels = Attributes.of(RECEIVER, receiver, TRANSPORT, transport);
    rejectedConnections.add(0, labels);
    acceptFailures.add(0, labels);
    // Exported from the start, so that the first failure appears as an increase.
    for (Signal signal : Signal.values()) {
      accepted.get(signal).add(0, labels);
      refused.get(signal).add(0, labels);
      failed.get(signal).add(0, labels);
    }
    succeeded = labels.toBuilder().put(OUTCOME, "success").build();
    requests.add(0, succeeded);
  }

  /** The receiver and its protocol, as the log names them. */
  String server() {
    return server;
  }

  @Override
  public void rejected() {
    rejectedConnections.add(1, labels);
  }

  @Override
  public void failed() {
    acceptFailures.add(1, labels);
  }

  /**
   * Registers metrics for the memory that requests in flight use, and for the limit beyond which
   * requests are refused. The caller closes them.
   */
  public static BatchCallback inFlight(
      Meter meter, String receiver, LongSupplier bytes, long limit) {
    Attributes labels = Attributes.of(RECEIVER, receiver);
    ObservableLongMeasurement used =
        meter
            .upDownCounterBuilder("tallyspan_receiver_in_flight_bytes")
            .setDescription("Memory that requests in flight use.")
            .setUnit("By")
            .buildObserver();
    ObservableLongMeasurement limits =
        meter
            .gaugeBuilder("tallyspan.receiver.in_flight_limit")
            .ofLongs()
            .setDescription("Memory that requests in flight may use.")
            .setUnit("By")
            .buildObserver();
    return meter.batchCallback(
        () -> {
          used.record(bytes.getAsLong(), labels);
          limits.record(limit, labels);
        },
        used,
        limits);
  }

  /** Counts a request with its items, after the intake has settled it. */
  public void answered(Signal signal, long items, Outcome outcome) {
    if (outcome instanceof Outcome.Refused refusedOutcome) {
      Refusal refusal = Refusal.of(refusedOutcome);
      (refusal.isFailure() ? failed : refused).get(signal).add(items, labels);
      refused(refusal);
      return;
    }
    long rejected = outcome instanceof Outcome.Partial partial ? partial.rejected() : 0;
    accepted.get(signal).add(Math.max(0, items - rejected), labels);
    if (rejected > 0) {
      refused.get(signal).add(rejected, labels);
    }
    requests.add(1, succeeded);
  }

  /** Counts items that were not passed to the intake because they are not valid. */
  void invalid(Signal signal, int items) {
    if (items > 0) {
      refused.get(signal).add(items, labels);
    }
  }

  /** Counts a request that was refused. */
  void refused(Refusal refusal) {
    requests.add(
        1,
        labels.toBuilder()
            .put(OUTCOME, refusal.isFailure() ? "failure" : "refused")
            .put(REASON, refusal.reason())
            .build());
  }

  private static PerSignal<LongCounter> counters(Meter meter, String name, String description) {
    return PerSignal.of(
        signal ->
            counter(meter, name + signal.items(), signal.items().replace('_', ' ') + description));
  }

  private static LongCounter counter(Meter meter, String name, String description) {
    return meter
        .counterBuilder("otelcol_receiver_" + name)
        .setDescription("Number of " + description + ".")
        .build();
  }
}
