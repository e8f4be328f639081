package dev.tallyspan.collector.it;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * What became of every numbered span: sent, acknowledged, and delivered to each of the backends.
 * Numbers start at 1, backends at 0. Thread-safe.
 */
final class SequenceBook {

  private static final class Deliveries {
    private final BitSet delivered = new BitSet();
    private int duplicates;
  }

  private final BitSet acknowledged = new BitSet();
  private final List<Deliveries> backends = new ArrayList<>();
  private final List<String> damaged = new ArrayList<>();
  private int sent;

  SequenceBook(int backends) {
    for (int i = 0; i < backends; i++) {
      this.backends.add(new Deliveries());
    }
  }

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

  /** Notes that a backend has accepted a span. */
  synchronized void deliver(int backend, long sequence) {
    Deliveries to = backends.get(backend);
    if (sequence < 1 || sequence > sent) {
      damage("span " + sequence + " was never sent");
    } else if (to.delivered.get((int) sequence)) {
      to.duplicates++;
    } else {
      to.delivered.set((int) sequence);
    }
  }

  /** Notes that a backend received what was not sent. */
  synchronized void damage(String what) {
    damaged.add(what);
  }

  synchronized List<String> damaged() {
    return List.copyOf(damaged);
  }

  /** Returns the spans that were acknowledged and not delivered to a backend. */
  synchronized BitSet missing(int backend) {
    BitSet missing = (BitSet) acknowledged.clone();
    missing.andNot(backends.get(backend).delivered);
    return missing;
  }

  /** Returns how many spans were acknowledged and not delivered to all backends, by backend. */
  synchronized int missing() {
    int missing = 0;
    for (int backend = 0; backend < backends.size(); backend++) {
      missing += missing(backend).cardinality();
    }
    return missing;
  }

  synchronized int acknowledged() {
    return acknowledged.cardinality();
  }

  /** Returns how many spans were sent and not acknowledged: refused, or still on their way. */
  synchronized int refused() {
    return sent - acknowledged.cardinality();
  }

  /** The figures for a person to read; those of several backends are separated by plus signs. */
  @Override
  public synchronized String toString() {
    return String.format(
        Locale.ROOT,
        "%,d spans sent, %,d acknowledged, %s delivered, %s of them not acknowledged; %s"
            + " duplicates; %,d missing",
        sent,
        acknowledged.cardinality(),
        each(to -> to.delivered.cardinality()),
        each(to -> notAcknowledged(to.delivered)),
        each(to -> to.duplicates),
        missing());
  }

  private int notAcknowledged(BitSet delivered) {
    BitSet rest = (BitSet) delivered.clone();
    rest.andNot(acknowledged);
    return rest.cardinality();
  }

  private String each(ToIntFunction<Deliveries> figure) {
    return backends.stream()
        .map(to -> String.format(Locale.ROOT, "%,d", figure.applyAsInt(to)))
        .collect(Collectors.joining(" + "));
  }
}
