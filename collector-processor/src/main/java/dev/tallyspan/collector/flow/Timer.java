package dev.tallyspan.collector.flow;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Provides the time and runs delayed tasks, one after another, on one thread. Thread-safe. In
 * tests, time passes only when the test advances it.
 */
public interface Timer {

  /** Returns nanoseconds since an arbitrary time, like {@link System#nanoTime()}. */
  long nanoTime();

  /**
   * Runs {@code task} once, {@code delayNanos} from now. The task must not block. The returned
   * action cancels it, unless it has already started.
   */
  Runnable schedule(Runnable task, long delayNanos);

  /** Cancels all tasks. Tasks scheduled later do not run. */
  void close();

  /** Returns a timer with the system's time and one daemon thread. */
  static Timer system(String threadName) {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, threadName);
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return new Timer() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public Runnable schedule(Runnable task, long delayNanos) {
        if (executor.isShutdown()) {
          return () -> {};
        }
        var scheduled = executor.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(/* mayInterruptIfRunning= */ false);
      }

      @Override
      public void close() {
        executor.shutdownNow();
      }
    };
  }
}
