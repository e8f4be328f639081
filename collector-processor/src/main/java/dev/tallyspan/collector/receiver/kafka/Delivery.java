package dev.tallyspan.collector.receiver.kafka;

import dev.tallyspan.collector.flow.SenderAck;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A record on its way through the pipelines, from its arrival until it is settled. */
final class Delivery {

  /** What a record takes in memory beside its value, roughly. */
  private static final int OVERHEAD = 512;

  final PartitionProgress partition;
  final KafkaReceiverSettings.Topic topic;
  final long offset;
  final byte[] value;
  final long bytes;

  /** The values of the headers to extract, in the order of the settings; null = absent. */
  final List<byte @Nullable []> headers;

  /** Used by one thread at a time: attempts follow one another. */
  int attempts;

  /** What waits for the outcome of the attempt; for those who withdraw it. */
  volatile @Nullable SenderAck ack;

  /** Guarded by the partition. */
  boolean settled;

  /**
   * @param names the headers to extract
   */
  Delivery(
      PartitionProgress partition,
      KafkaReceiverSettings.Topic topic,
      ConsumerRecord<byte[], byte[]> record,
      List<String> names) {
    this.partition = partition;
    this.topic = topic;
    offset = record.offset();
    value = record.value() == null ? new byte[0] : record.value();
    bytes = value.length + OVERHEAD;
    headers = new ArrayList<>(names.size());
    for (String name : names) {
      Header header = record.headers().lastHeader(name);
      headers.add(header == null ? null : header.value());
    }
  }

  /** Where the record is, for people. */
  String place() {
    return "topic "
        + partition.partition.topic()
        + ", partition "
        + partition.partition.partition()
        + ", offset "
        + offset;
  }
}
