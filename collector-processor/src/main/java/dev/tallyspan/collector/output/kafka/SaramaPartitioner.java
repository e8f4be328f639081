package dev.tallyspan.collector.output.kafka;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.PartitionInfo;

/**
 * Chooses the partition of a key as the Collector's exporter does by default, and sarama before it:
 * the 32-bit FNV-1a hash as a signed number, its remainder, without the sign. Records without a key
 * go to any partition that has a leader. The library creates it by its name.
 */
public final class SaramaPartitioner implements Partitioner {

  private static final int FNV_OFFSET = 0x811c9dc5;
  private static final int FNV_PRIME = 0x01000193;

  public SaramaPartitioner() {}

  @Override
  public int partition(
      String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes, Cluster cluster) {
    int partitions = cluster.partitionsForTopic(topic).size();
    if (keyBytes != null) {
      return partition(keyBytes, partitions);
    }
    List<PartitionInfo> available = cluster.availablePartitionsForTopic(topic);
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return available.isEmpty()
        ? random.nextInt(partitions)
        : available.get(random.nextInt(available.size())).partition();
  }

  /** Returns the partition of a key, from 0. */
  static int partition(byte[] key, int partitions) {
    int hash = FNV_OFFSET;
    for (byte each : key) {
      hash = (hash ^ (each & 0xff)) * FNV_PRIME;
    }
    return Math.abs(hash % partitions);
  }

  @Override
  public void close() {}

  @Override
  public void configure(Map<String, ?> properties) {}
}
