package dev.tallyspan.collector.output.recent;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.wire.TraceId;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Bounds what the viewer takes of a busy server. Reading spans takes a tenth of a core on average,
 * with a reserve of two seconds, which a burst may use up at once. And what is read fills the store
 * once a minute on average, with a reserve of a full store: traces that are gone before anyone can
 * look at them only cost memory and its collection.
 *
 * <p>While one of the reserves is short, only a share of the traces is read: the same share that is
 * left of the first half of the reserve. Which traces is decided by their ids, so that a trace is
 * read as a whole or not at all, except while the share changes.
 *
 * <p>The share settles where reading takes what the budget gives: if all of a load would take eight
 * tenths of a core, an eighth of its traces is read. One thread reads; any may ask for the share.
 */
final class ReadingBudget {

  private static final double CORES = 0.1;
  private static final double RESERVE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final double FILLING_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final LongSupplier nanoTime;
  private final LongSupplier cpuTime;
  private final Reserve cpu;
  private final Reserve bytes;
  private long cpuAtStart;

  /** Something that grows with time up to a maximum, and is taken from by one thread. */
  private static final class Reserve {
    private final double most;
    private final double perNano;
    private volatile Left left;

    /** What is left at a time; below 0 if more was taken than there was. */
    private record Left(double amount, long atNanos) {}

    Reserve(double most, double perNano, long now) {
      this.most = most;
      this.perNano = perNano;
      left = new Left(most, now);
    }

    private double at(long now) {
      Left known = left;
      return Math.min(most, known.amount + (now - known.atNanos) * perNano);
    }

    void take(double amount, long now) {
      left = new Left(at(now) - amount, now);
    }

    double share(long now) {
      return Math.max(0, Math.min(1, at(now) / (most / 2)));
    }
  }

  /**
   * @param nanoTime as {@link System#nanoTime()}
   * @param cpuTime how long the calling thread has computed, in ns
   * @param storeBytes the maximum size of the store
   */
  ReadingBudget(LongSupplier nanoTime, LongSupplier cpuTime, long storeBytes) {
    this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    this.cpuTime = requireNonNull(cpuTime, "cpuTime");
    long now = nanoTime.getAsLong();
    cpu = new Reserve(RESERVE_NANOS, CORES, now);
    bytes = new Reserve(storeBytes, storeBytes / FILLING_NANOS, now);
  }

  /** Returns a budget by the clocks of this JVM. Without a CPU clock, all time counts. */
  static ReadingBudget system(long storeBytes) {
    return new ReadingBudget(
        System::nanoTime,
        THREADS.isCurrentThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled()
            ? THREADS::getCurrentThreadCpuTime
            : System::nanoTime,
        storeBytes);
  }

  /** The share of the traces that are to be read now; 1 = all. */
  double share() {
    long now = nanoTime.getAsLong();
    return Math.min(cpu.share(now), bytes.share(now));
  }

  /** Whether a trace is among a share of all. A larger share has the traces of a smaller one. */
  static boolean isIn(double share, TraceId trace) {
    return share >= 1 || (trace.hashCode() >>> 1) < share * Integer.MAX_VALUE;
  }

  /** Called before some spans are read. */
  void begin() {
    cpuAtStart = cpuTime.getAsLong();
  }

  /**
   * Called after {@link #begin()}, when the spans are read.
   *
   * @param kept the size of those that were added to the store
   */
  void end(long kept) {
    long now = nanoTime.getAsLong();
    cpu.take(cpuTime.getAsLong() - cpuAtStart, now);
    bytes.take(kept, now);
  }
}
