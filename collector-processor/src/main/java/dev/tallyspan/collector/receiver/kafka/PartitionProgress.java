package dev.tallyspan.collector.receiver.kafka;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * Which records of an assigned partition are settled. They may be settled in any order; the
 * partition may be committed up to the first that is not. Thread-safe.
 */
final class PartitionProgress {

  private static final long NOTHING = -1;

  final TopicPartition partition;

  // Guarded by this.
  /** Everything from the first record that is not settled, in the order of offsets. */
  private final Deque<Delivery> pending = new ArrayDeque<>();

  /** What is to be passed on, the next first. */
  private final Deque<Delivery> arrived = new ArrayDeque<>();

  private boolean passingOn;
  private long settledTo = NOTHING;
  private long committed = NOTHING;
  private int waiting;
  private boolean lost;

  /** Written by the consumer's thread. */
  volatile long lag;

  PartitionProgress(TopicPartition partition) {
    this.partition = partition;
  }

  /** Adds a record that has arrived; offsets ascend. */
  synchronized void add(Delivery delivery) {
    pending.add(delivery);
  }

  /**
   * Adds a record to be passed on, after those that were added before.
   *
   * @return whether the caller has to see to it that they are; otherwise, they are already
   */
  synchronized boolean enqueue(Delivery delivery) {
    arrived.add(delivery);
    boolean idle = !passingOn;
    passingOn = true;
    return idle;
  }

  /**
   * Takes the next record to be passed on. Call it once for each that {@link #hasNext} promised.
   */
  synchronized Delivery next() {
    return arrived.remove();
  }

  /** Call this when a record was passed on: if there is none now, the next one starts anew. */
  synchronized boolean hasNext() {
    passingOn = !arrived.isEmpty();
    return passingOn;
  }

  /**
   * Records that a delivery is over.
   *
   * @return false if it was before
   */
  synchronized boolean settle(Delivery delivery) {
    if (delivery.settled) {
      return false;
    }
    delivery.settled = true;
    if (!lost) {
      for (Delivery first = pending.peek();
          first != null && first.settled;
          first = pending.peek()) {
        settledTo = first.offset + 1;
        pending.remove();
      }
    }
    return true;
  }

  /** Changes the number of records that wait for another attempt. */
  synchronized void waiting(int change) {
    waiting += change;
  }

  /** Whether records wait for another attempt, so that more of them would not help. */
  synchronized boolean isWaiting() {
    return waiting > 0;
  }

  /** The number of records that have arrived and are not committable. */
  synchronized int pending() {
    return pending.size();
  }

  /** The offset to commit; -1 if it is committed, or nothing is settled. */
  synchronized long toCommit() {
    return settledTo > committed ? settledTo : NOTHING;
  }

  /** Records that an offset was committed. */
  synchronized void committed(long offset) {
    committed = Math.max(committed, offset);
  }

  synchronized boolean isLost() {
    return lost;
  }

  /**
   * Gives up the partition: what is pending is read by its next owner. What is settled from now on
   * changes nothing.
   *
   * @return the records that are pending
   */
  synchronized List<Delivery> lose() {
    lost = true;
    List<Delivery> unsettled = new ArrayList<>(pending);
    unsettled.removeIf(each -> each.settled);
    pending.clear();
    return unsettled;
  }
}
