package dev.tallyspan.collector.exporter;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Time that passes and work to be done later. In tests, time passes when the test says so. */
interface Timer {

  /** Nanoseconds since some moment, as {@link System#nanoTime()}. */
  long nanoTime();

  /**
   * Runs {@code task} once, {@code delayNanos} from now; the result stops it if it is early enough.
   */
  Runnable schedule(Runnable task, long delayNanos);

  /** Runs nothing any more. */
  void close();

  /** The system's time, with one daemon thread. */
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
