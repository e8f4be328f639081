package dev.tallyspan.collector.output.view;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Recent spans in memory, by trace, within fixed bounds.
 *
 * <p>When a bound is reached, the trace that has waited longest for a span goes, as a whole. A
 * trace that fills the store by itself keeps its first spans and takes no more. Whatever goes or is
 * not taken is counted. A span that arrives twice is kept once, as it was last. Safe for use by
 * many threads.
 */
public final class TraceStore {

  /** What the store holds and what it let go. */
  public record Stats(
      int traces,
      int spans,
      long bytes,
      long evictedTraces,
      long evictedSpans,
      long refusedSpans,
      long repeatedSpans) {}

  private final int maxSpans;
  private final long maxBytes;
  private final Map<String, Trace> traces = new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true);
  private int spans;
  private long bytes;
  private long evictedTraces;
  private long evictedSpans;
  private long refusedSpans;
  private long repeatedSpans;

  private TraceStore(Builder builder) {
    this.maxSpans = builder.maxSpans;
    this.maxBytes = builder.maxBytes;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Takes one span, and makes room for it if need be. */
  public synchronized void add(SpanRow row) {
    long size = SpanSize.bytes(row);
    SpanIdentity identity = SpanIdentity.of(row);
    Trace trace = traces.computeIfAbsent(row.traceId(), id -> new Trace());
    SpanRow before = trace.rows.get(identity);
    long sizeBefore = before == null ? 0 : SpanSize.bytes(before);
    int added = before == null ? 1 : 0;
    while (traces.size() > 1 && !fits(added, size - sizeBefore)) {
      evictOldest();
    }
    if (!fits(added, size - sizeBefore)) {
      refusedSpans++;
      if (trace.rows.isEmpty()) {
        traces.remove(row.traceId());
      }
      return;
    }
    trace.rows.put(identity, row);
    trace.bytes += size - sizeBefore;
    bytes += size - sizeBefore;
    spans += added;
    repeatedSpans += 1 - added;
    notifyAll();
  }

  /** Takes spans one after another, as {@link #add} does. */
  public synchronized void addAll(Collection<SpanRow> rows) {
    rows.forEach(this::add);
  }

  /** All spans, trace by trace, the trace that has waited longest for a span first. */
  public synchronized List<SpanRow> spans() {
    List<SpanRow> all = new ArrayList<>(spans);
    traces.values().forEach(trace -> all.addAll(trace.rows.values()));
    return all;
  }

  /** The spans of one trace, in the order they arrived; empty if the store does not hold it. */
  public synchronized List<SpanRow> spans(String traceId) {
    // A look must not count as an arrival, and a get in access order would.
    for (Map.Entry<String, Trace> entry : traces.entrySet()) {
      if (entry.getKey().equals(traceId)) {
        return new ArrayList<>(entry.getValue().rows.values());
      }
    }
    return List.of();
  }

  /**
   * Waits until the store holds at least {@code count} spans.
   *
   * @return whether it does; false once {@code timeout} is over
   */
  public synchronized boolean await(int count, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (spans < count) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      wait(left / 1_000_000 + 1);
    }
    return true;
  }

  public synchronized Stats stats() {
    return new Stats(
        traces.size(), spans, bytes, evictedTraces, evictedSpans, refusedSpans, repeatedSpans);
  }

  private boolean fits(int addedSpans, long addedBytes) {
    return spans + addedSpans <= maxSpans && bytes + addedBytes <= maxBytes;
  }

  private void evictOldest() {
    var eldest = traces.entrySet().iterator();
    Trace gone = eldest.next().getValue();
    eldest.remove();
    spans -= gone.rows.size();
    bytes -= gone.bytes;
    evictedTraces++;
    evictedSpans += gone.rows.size();
  }

  private static final class Trace {
    final Map<SpanIdentity, SpanRow> rows = new LinkedHashMap<>();
    long bytes;
  }

  /** Builds a {@link TraceStore}. */
  public static final class Builder {
    private int maxSpans = 50_000;
    private long maxBytes = 64L << 20;

    Builder() {}

    /** The most spans that are held. Default 50 000. */
    public Builder maxSpans(int maxSpans) {
      this.maxSpans = maxSpans;
      return this;
    }

    /** The most bytes that are held, estimated from the spans' texts. Default 64 MiB. */
    public Builder maxBytes(long maxBytes) {
      this.maxBytes = maxBytes;
      return this;
    }

    /**
     * @throws IllegalArgumentException if a bound is not positive
     */
    public TraceStore build() {
      if (maxSpans < 1) {
        throw new IllegalArgumentException("maxSpans=" + maxSpans + ": must be positive");
      }
      if (maxBytes < 1) {
        throw new IllegalArgumentException("maxBytes=" + maxBytes + ": must be positive");
      }
      return new TraceStore(this);
    }
  }
}
