package dev.tallyspan.collector.queue.log;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The segments of a log in the order of their entries. Thread-safe. */
final class Segments {

  // Guarded by this.
  private final List<Segment> sealed = new ArrayList<>();
  private @Nullable Segment active;
  private long sealedBytes;

  private volatile long end;

  Segments(List<Segment> recovered, long end) {
    sealed.addAll(recovered);
    for (Segment segment : recovered) {
      sealedBytes += segment.extent().bytes();
    }
    this.end = end;
  }

  synchronized @Nullable Segment active() {
    return active;
  }

  /** Makes a new segment the active one, and seals the previous one. */
  synchronized void activate(Segment created) {
    seal();
    active = created;
  }

  /** Seals the active segment, if there is one. */
  synchronized void seal() {
    if (active != null) {
      sealed.add(active);
      sealedBytes += active.extent().bytes();
      active = null;
    }
  }

  synchronized void remove(Segment segment) {
    if (sealed.remove(segment)) {
      sealedBytes -= segment.extent().bytes();
    }
  }

  /** The bytes that all segments use. */
  synchronized long usedBytes() {
    return sealedBytes + (active == null ? 0 : active.extent().bytes());
  }

  /** The bytes that all segments except for the active one use. */
  synchronized long sealedBytes() {
    return sealedBytes;
  }

  synchronized int count() {
    return sealed.size() + (active == null ? 0 : 1);
  }

  /** The sequence of the oldest entry; {@link #end} if there is none. */
  synchronized long start() {
    for (Segment segment : sealed) {
      if (!segment.isDeleted() && !segment.extent().isEmpty()) {
        return segment.first();
      }
    }
    return active == null || active.extent().isEmpty() ? end : active.first();
  }

  /** One more than the sequence of the newest stored entry. */
  long end() {
    return end;
  }

  /** Lets readers see the entries up to this sequence, exclusive. */
  void end(long newEnd) {
    end = newEnd;
  }

  /**
   * The sealed segments that may be deleted, oldest first. The newest segment of all stays, because
   * it tells which sequence comes next.
   */
  synchronized List<Segment> deletable() {
    int count = active == null ? Math.max(0, sealed.size() - 1) : sealed.size();
    return List.copyOf(sealed.subList(0, count));
  }

  /** Returns all segments that have entries, oldest first. */
  synchronized List<Segment> all() {
    List<Segment> all = new ArrayList<>(sealed);
    if (active != null) {
      all.add(active);
    }
    all.removeIf(segment -> segment.isDeleted() || segment.extent().isEmpty());
    return all;
  }

  /** Returns the segment with an entry, or else with the next entry after it; null if none. */
  synchronized @Nullable Segment holding(long sequence) {
    // Segments are ordered: find the first one that ends after the sequence.
    int low = 0;
    int high = sealed.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sealed.get(middle).extent().end() > sequence) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    for (int i = low; i < sealed.size(); i++) {
      if (!sealed.get(i).isDeleted() && !sealed.get(i).extent().isEmpty()) {
        return sealed.get(i);
      }
    }
    return active != null && active.extent().end() > sequence ? active : null;
  }
}
