package dev.tallyspan.collector.it;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What became of every numbered span: sent, acknowledged, delivered, and how often. Numbers start
 * at 1. Thread-safe.
 */
final class SequenceBook {

  private final BitSet acknowledged = new BitSet();
  private final BitSet delivered = new BitSet();
  private final List<String> damaged = new ArrayList<>();
  private int sent;
  private long duplicates;

  /**
   * Takes the numbers of spans that are about to be sent.
   *
   * @return the first of them
   */
  synchronized int send(int count) {
    int first = sent + 1;
    sent += count;
    return first;
  }

  /** Notes that the sender of these spans got a success response. */
  synchronized void acknowledge(int first, int count) {
    acknowledged.set(first, first + count);
  }

  /** Notes that the backend has accepted a span. */
  synchronized void deliver(int sequence) {
    if (sequence < 1 || sequence > sent) {
      damage("span " + sequence + " was never sent");
    } else if (delivered.get(sequence)) {
      duplicates++;
    } else {
      delivered.set(sequence);
    }
  }

  /** Notes that the backend received what nobody sent. */
  synchronized void damage(String what) {
    damaged.add(what);
  }

  synchronized List<String> damaged() {
    return List.copyOf(damaged);
  }

  /** Returns the spans that were acknowledged and not delivered. */
  synchronized BitSet missing() {
    BitSet missing = (BitSet) acknowledged.clone();
    missing.andNot(delivered);
    return missing;
  }

  synchronized int acknowledged() {
    return acknowledged.cardinality();
  }

  /** The figures for a person to read. */
  @Override
  public synchronized String toString() {
    BitSet unasked = (BitSet) delivered.clone();
    unasked.andNot(acknowledged);
    return "%,d spans sent, %,d acknowledged, %,d delivered, %,d of them not acknowledged; %,d duplicates; %,d missing"
        .formatted(
            sent,
            acknowledged.cardinality(),
            delivered.cardinality(),
            unasked.cardinality(),
            duplicates,
            missing().cardinality());
  }
}
