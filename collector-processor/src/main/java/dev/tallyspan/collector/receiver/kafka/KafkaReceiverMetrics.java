package dev.tallyspan.collector.receiver.kafka;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.receiver.ReceiverMetrics;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.BatchCallback;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongGauge;
import java.util.Collection;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Counts what a receiver {@code kafka} gets, and how far behind it is. Thread-safe. */
final class KafkaReceiverMetrics implements AutoCloseable {

  private static final AttributeKey<String> RECEIVER = AttributeKey.stringKey("receiver");
  private static final AttributeKey<String> TOPIC = AttributeKey.stringKey("topic");
  private static final AttributeKey<Long> PARTITION = AttributeKey.longKey("partition");

  private final ReceiverMetrics requests;
  private final LongCounter refusedRecords;
  private final LongCounter retriedRecords;
  private final Attributes labels;
  private final BatchCallback inFlight;
  private final ObservableLongGauge lag;

  KafkaReceiverMetrics(
      Meter meter,
      String receiver,
      LongSupplier held,
      long limit,
      Supplier<Collection<PartitionProgress>> partitions) {
    requests = new ReceiverMetrics(meter, receiver, "kafka");
    labels = Attributes.of(RECEIVER, receiver);
    refusedRecords =
        meter
            .counterBuilder("tallyspan_receiver_kafka_refused_records")
            .setDescription(
                "Records that are not valid requests or were refused for good, and were passed over.")
            .build();
    retriedRecords =
        meter
            .counterBuilder("tallyspan_receiver_kafka_retried_records")
            .setDescription("Records that were passed to the pipelines again after a refusal.")
            .build();
    refusedRecords.add(0, labels);
    retriedRecords.add(0, labels);
    inFlight = ReceiverMetrics.inFlight(meter, receiver, held, limit);
    lag =
        meter
            .gaugeBuilder("otelcol_kafka_receiver_offset_lag")
            .ofLongs()
            .setDescription("Records of a partition that are not settled yet.")
            .buildWithCallback(
                measurement ->
                    partitions
                        .get()
                        .forEach(
                            each ->
                                measurement.record(
                                    each.lag,
                                    Attributes.of(
                                        RECEIVER,
                                        receiver,
                                        TOPIC,
                                        each.partition.topic(),
                                        PARTITION,
                                        (long) each.partition.partition()))));
  }

  void answered(Signal signal, int items, Outcome outcome) {
    requests.answered(signal, items, outcome);
  }

  void refused() {
    refusedRecords.add(1, labels);
  }

  void retried() {
    retriedRecords.add(1, labels);
  }

  @Override
  public void close() {
    inFlight.close();
    lag.close();
  }
}
