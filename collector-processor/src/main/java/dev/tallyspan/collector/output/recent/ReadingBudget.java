package dev.tallyspan.collector.output.recent;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.wire.TraceId;
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
 * tenths of a core, an eighth of its traces is read. One thread reads; any may ask for the share.
 */
final class ReadingBudget {

  private static final double CORES = 0.1;
  private static final long RESERVE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final LongSupplier nanoTime;
  private final LongSupplier cpuTime;

  private volatile Reserve reserve;
  private long cpuAtStart;

  /** What was left at a time, in ns of CPU time; below 0 if more was taken than there was. */
  private record Reserve(double nanos, long atNanos) {
    Reserve grown(long now) {
      return new Reserve(Math.min(RESERVE_NANOS, nanos + (now - atNanos) * CORES), now);
    }
  }

  /**
   * @param nanoTime as {@link System#nanoTime()}
   * @param cpuTime how long the calling thread has computed, in ns
   */
  ReadingBudget(LongSupplier nanoTime, LongSupplier cpuTime) {
    this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    this.cpuTime = requireNonNull(cpuTime, "cpuTime");
    reserve = new Reserve(RESERVE_NANOS, nanoTime.getAsLong());
  }

  /** Returns a budget by the clocks of this JVM. Without a CPU clock, all time counts. */
  static ReadingBudget system() {
    return new ReadingBudget(
        System::nanoTime,
        THREADS.isCurrentThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled()
            ? THREADS::getCurrentThreadCpuTime
            : System::nanoTime);
  }

  /** The share of the traces that are to be read now; 1 = all. */
  double share() {
    double left = reserve.grown(nanoTime.getAsLong()).nanos / (RESERVE_NANOS / 2.0);
    return Math.max(0, Math.min(1, left));
  }

  /** Whether a trace is among a share of all. A larger share has the traces of a smaller one. */
  static boolean isIn(double share, TraceId trace) {
    return share >= 1 || (trace.hashCode() >>> 1) < share * Integer.MAX_VALUE;
  }

  /** Called before some spans are read. */
  void begin() {
    cpuAtStart = cpuTime.getAsLong();
  }

  /** Called after {@link #begin()}, when the spans are read. */
  void end() {
    Reserve now = reserve.grown(nanoTime.getAsLong());
    reserve = new Reserve(now.nanos - (cpuTime.getAsLong() - cpuAtStart), now.atNanos);
  }
}
