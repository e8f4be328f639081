package dev.tallyspan.collector.output.view;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps recent spans in memory, by trace, within fixed limits.
 *
 * <p>When a limit is reached, the trace that has received no span for the longest time is evicted
 * as a whole. A trace that fills the store alone keeps its first spans and accepts no more. Evicted
 * and refused spans are counted. A span that arrives twice is kept once, in its last version.
 * Thread-safe.
 */
public final class TraceStore {

  /** The spans in the store, and counts of spans that are not in it any more. */
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

  /** Adds a span, and evicts traces for it if necessary. */
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

  /** Adds spans one by one, like {@link #add}. */
  public synchronized void addAll(Collection<SpanRow> rows) {
    rows.forEach(this::add);
  }

  /** Returns all spans by trace, starting with the trace that is evicted next. */
  public synchronized List<SpanRow> spans() {
    List<SpanRow> all = new ArrayList<>(spans);
    traces.values().forEach(trace -> all.addAll(trace.rows.values()));
    return all;
  }

  /** Returns the spans of a trace in order of arrival; empty if the trace is not in the store. */
  public synchronized List<SpanRow> spans(String traceId) {
    // A read must not count as an arrival, but a get in access order would.
    for (Map.Entry<String, Trace> entry : traces.entrySet()) {
      if (entry.getKey().equals(traceId)) {
        return new ArrayList<>(entry.getValue().rows.values());
      }
    }
    return List.of();
  }

  /**
   * Waits until the store has at least {@code count} spans.
   *
   * @return whether it has; false after {@code timeout}
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

    /** The maximum number of spans. Default: 50 000. */
    public Builder maxSpans(int maxSpans) {
      this.maxSpans = maxSpans;
      return this;
    }

    /** The maximum number of bytes, estimated from the texts of spans. Default: 64 MiB. */
    public Builder maxBytes(long maxBytes) {
      this.maxBytes = maxBytes;
      return this;
    }

    /**
     * @throws IllegalArgumentException if a limit is not positive
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
