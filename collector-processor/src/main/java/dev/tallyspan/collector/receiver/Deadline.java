package dev.tallyspan.collector.receiver;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A time limit that moves with every request and is rarely exceeded. One task checks it when it
 * could have been exceeded, instead of a task that is scheduled and cancelled for each request. Use
 * it only on its event loop.
 */
final class Deadline {

  private final EventExecutor loop;
  private final Runnable passed;
  private boolean set;
  private long atNanos;
  private long checkAtNanos;
  private @Nullable Future<?> check;

  Deadline(EventExecutor loop, Runnable passed) {
    this.loop = loop;
    this.passed = passed;
  }

  /** Moves the deadline to {@code limit} from now; zero = no deadline. */
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

  /** Removes the deadline and cancels its task. */
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
