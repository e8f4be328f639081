package dev.tallyspan.collector.receiver;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A time limit that is moved with every request and seldom passed. One task looks at it when it
 * could have passed, instead of one task being scheduled and cancelled each time. To be used on its
 * event loop only.
 */
final class Deadline {

  private final EventExecutor loop;
  private final Runnable passed;
  private boolean set;
  private long atNanos;
  private long checkAtNanos;
  private Future<?> check;

  Deadline(EventExecutor loop, Runnable passed) {
    this.loop = loop;
    this.passed = passed;
  }

  /** Moves the deadline to that long from now; zero is never. */
  void set(Duration limit) {
    set = !limit.isZero();
    if (!set) {
      return;
    }
    atNanos = System.nanoTime() + limit.toNanos();
    if (check != null && atNanos - checkAtNanos < 0) {
      clear();
      set = true;
    }
    if (check == null) {
      schedule();
    }
  }

  /** Takes the deadline away, and the task with it. */
  void clear() {
    set = false;
    if (check != null) {
      check.cancel(/* mayInterruptIfRunning= */ false);
      check = null;
    }
  }

  private void schedule() {
    checkAtNanos = atNanos;
    check = loop.schedule(this::check, atNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  private void check() {
    check = null;
    if (!set) {
      return;
    }
    if (atNanos - System.nanoTime() > 0) {
      schedule();
    } else {
      set = false;
      passed.run();
    }
  }
}
