package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Signal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The batches of a queue, each in exactly one of four places: open, ready, in flight, or backing
 * off. {@link SendingQueue} describes how they move. Guarded by the queue's lock.
 */
final class Batches {

  /** What the requests of a batch have in common. */
  private record Alike(Signal signal, Map<String, String> headers) {
    static Alike of(ExportBatch batch) {
      return new Alike(batch.signal, batch.headers);
    }
  }

  private final BatchSettings settings;
  private final SizeLimit limit;
  private final long flushNanos;
  private final Map<Alike, ExportBatch> open = new LinkedHashMap<>();
  private final Deque<ExportBatch> ready = new ArrayDeque<>();
  private final Set<ExportBatch> inFlight = new HashSet<>();
  private final TreeSet<ExportBatch> backingOff =
      new TreeSet<>(
          Comparator.<ExportBatch>comparingLong(batch -> batch.notBefore)
              .thenComparingLong(batch -> batch.sequence));
  private long nextSequence;

  Batches(BatchSettings settings, SizeLimit limit) {
    this.settings = settings;
    this.limit = limit;
    flushNanos = Backoff.nanos(settings.flushTimeout());
  }

  /**
   * Adds a request to the open batch of its signal and headers, which may make that batch ready.
   */
  void add(Signal signal, PendingRequest waiting) {
    Alike alike = new Alike(signal, waiting.headers);
    ExportBatch batch = open.get(alike);
    if (batch != null && outgrown(batch, waiting)) {
      ready.add(batch);
      batch = null;
    }
    if (batch == null) {
      batch = new ExportBatch(signal, waiting.headers, nextSequence++);
      open.put(alike, batch);
    }
    batch.add(waiting);
    if (measure(batch.items, batch.bytes) >= settings.minSize()) {
      open.remove(alike);
      ready.add(batch);
    }
  }

  private boolean outgrown(ExportBatch batch, PendingRequest waiting) {
    long maxSize = settings.maxSize();
    long bytesTogether = batch.bytes + waiting.body().size();
    return bytesTogether > limit.bytes()
        || (maxSize > 0 && measure(batch.items + waiting.bodyItems(), bytesTogether) > maxSize);
  }

  private long measure(long items, long bytes) {
    return settings.sizer().measure(1, items, bytes);
  }

  /**
   * Makes a batch of these requests, which are alike and in no batch, and lets it be the next to
   * start.
   */
  void addFirst(Signal signal, List<PendingRequest> requests) {
    ExportBatch batch = new ExportBatch(signal, requests.get(0).headers, nextSequence++);
    requests.forEach(batch::add);
    ready.addFirst(batch);
  }

  /** Moves what time allows to move. */
  void advance(long now, boolean closing) {
    open.values()
        .removeIf(
            batch -> {
              boolean due = closing || now - batch.arrivedAt() >= flushNanos;
              return due && ready.add(batch);
            });
    while (!backingOff.isEmpty() && backingOff.first().notBefore - now <= 0) {
      ready.add(backingOff.pollFirst());
    }
  }

  boolean anyReady() {
    return !ready.isEmpty();
  }

  /** Moves the first ready batch in flight. */
  ExportBatch start() {
    ExportBatch batch = ready.remove();
    inFlight.add(batch);
    return batch;
  }

  int inFlight() {
    return inFlight.size();
  }

  boolean isInFlight(ExportBatch batch) {
    return inFlight.contains(batch);
  }

  /** Takes a batch out of flight. */
  void land(ExportBatch batch) {
    inFlight.remove(batch);
  }

  void backOff(ExportBatch batch, long until) {
    batch.notBefore = until;
    backingOff.add(batch);
  }

  /** Ends all backoffs. */
  void hurry() {
    ready.addAll(backingOff);
    backingOff.clear();
  }

  /** Removes a batch that is not in flight. */
  void remove(ExportBatch batch) {
    open.remove(Alike.of(batch), batch);
    ready.remove(batch);
    backingOff.remove(batch);
  }

  /** Removes the ready batches that are more than {@code maxNanos} old at the time {@code then}. */
  List<ExportBatch> takeOverdue(long then, long maxNanos) {
    List<ExportBatch> overdue = new ArrayList<>();
    for (ExportBatch batch : ready) {
      if (then - batch.arrivedAt() > maxNanos) {
        overdue.add(batch);
      }
    }
    ready.removeAll(overdue);
    return overdue;
  }

  /**
   * Removes the batches not in flight that will be more than {@code maxNanos} old when they can be
   * tried next.
   *
   * @param opensIn how long until the backend's pace allows an attempt; 0 or less = now
   */
  List<ExportBatch> takeHeld(long now, long opensIn, long maxNanos) {
    long pause = Math.max(opensIn, 0);
    List<ExportBatch> held = new ArrayList<>();
    for (ExportBatch batch : waiting()) {
      long wait = backingOff.contains(batch) ? Math.max(pause, batch.notBefore - now) : pause;
      if (now - batch.arrivedAt() + wait > maxNanos) {
        held.add(batch);
      }
    }
    held.forEach(this::remove);
    return held;
  }

  /** The batches that are not in flight. */
  private List<ExportBatch> waiting() {
    List<ExportBatch> waiting = new ArrayList<>(ready);
    waiting.addAll(open.values());
    waiting.addAll(backingOff);
    return waiting;
  }

  /** The age of the oldest request, in nanoseconds; 0 if there is none. */
  long oldestAge(long now) {
    long oldest = 0;
    List<ExportBatch> all = waiting();
    all.addAll(inFlight);
    for (ExportBatch batch : all) {
      if (!batch.requests.isEmpty()) {
        oldest = Math.max(oldest, now - batch.arrivedAt());
      }
    }
    return oldest;
  }

  List<ExportBatch> takeAll() {
    List<ExportBatch> all = new ArrayList<>(inFlight);
    all.addAll(waiting());
    inFlight.clear();
    ready.clear();
    open.clear();
    backingOff.clear();
    return all;
  }

  /**
   * Returns how long to wait until something can move; {@link Long#MAX_VALUE} = waiting does not
   * help.
   *
   * @param opensIn how long until the backend's pace allows an attempt; 0 or less = now
   * @param maxNanos the age at which batches that wait are to be taken; {@link Long#MAX_VALUE} =
   *     none is
   */
  long nanosToNextMove(long now, long opensIn, long maxNanos) {
    long wait = Long.MAX_VALUE;
    if (maxNanos < Long.MAX_VALUE) {
      for (ExportBatch batch : ready) {
        wait = Math.min(wait, maxNanos + 1 - (now - batch.arrivedAt()));
      }
    }
    for (ExportBatch batch : open.values()) {
      wait = Math.min(wait, batch.arrivedAt() + flushNanos - now);
    }
    if (!backingOff.isEmpty()) {
      wait = Math.min(wait, backingOff.first().notBefore - now);
    }
    if (!ready.isEmpty() && opensIn > 0) {
      wait = Math.min(wait, opensIn);
    }
    return wait;
  }
}
