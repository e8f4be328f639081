package dev.tallyspan.collector.output.recent;

import static java.util.Objects.requireNonNull;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Bounds the CPU time of reading spans for the viewer to a tenth of a core on average, with a
 * reserve of five seconds, which a burst may use up at once. While the reserve is short, only a
 * share of the traces is read: the same share that is left of the first half of the reserve. Which
 * traces is decided by their ids, so that a trace is read as a whole or not at all, except while
 * the share changes.
 *
 * <p>The share settles where reading takes what the budget gives: if all of a load would take eight
 * tenths of a core, an eighth of its traces is read. Used by one thread.
 */
final class ReadingBudget {

  private static final double CORES = 0.1;
  private static final long RESERVE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final LongSupplier nanoTime;
  private final LongSupplier cpuTime;

  private double reserve = RESERVE_NANOS;
  private long lastNanos;
  private long cpuAtStart;

  /**
   * @param nanoTime as {@link System#nanoTime()}
   * @param cpuTime how long the calling thread has computed, in ns
   */
  ReadingBudget(LongSupplier nanoTime, LongSupplier cpuTime) {
    this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    this.cpuTime = requireNonNull(cpuTime, "cpuTime");
    lastNanos = nanoTime.getAsLong();
  }

  /** Returns a budget by the clocks of this JVM. Without a CPU clock, all time counts. */
  static ReadingBudget system() {
    return new ReadingBudget(
        System::nanoTime,
        THREADS.isCurrentThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled()
            ? THREADS::getCurrentThreadCpuTime
            : System::nanoTime);
  }

  /** Called before some spans are read. */
  void begin() {
    long now = nanoTime.getAsLong();
    reserve = Math.min(RESERVE_NANOS, reserve + (now - lastNanos) * CORES);
    lastNanos = now;
    cpuAtStart = cpuTime.getAsLong();
  }

  /** Whether the spans of a trace are to be read. */
  boolean allows(String traceId) {
    double share = reserve / (RESERVE_NANOS / 2.0);
    if (share >= 1) {
      return true;
    }
    // Ids are random, but not those of all senders: the hash is spread by a multiplication.
    int spread = traceId.hashCode() * 0x9E3779B9;
    return (spread >>> 1) < share * Integer.MAX_VALUE;
  }

  /** Called after {@link #begin()}, when the spans are read. */
  void end() {
    reserve -= cpuTime.getAsLong() - cpuAtStart;
  }
}
