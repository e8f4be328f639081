package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Timer;

/** Runs an action once, at a time that may change. Guarded by the lock of its user. */
final class WakeUp {
  private static final Runnable NOTHING = () -> {};

  private final Timer timer;
  private final Runnable action;
  private Runnable cancel = NOTHING;
  private boolean set;
  private long at;

  /**
   * @param action runs on the timer's thread, without the lock; calls {@link #passed}
   */
  WakeUp(Timer timer, Runnable action) {
    this.timer = timer;
    this.action = action;
  }

  /**
   * Sets the time anew.
   *
   * @param nanos from {@code now}; {@link Long#MAX_VALUE} = never
   */
  void in(long nanos, long now) {
    boolean needed = nanos < Long.MAX_VALUE;
    long next = needed ? now + nanos : now;
    if (needed == set && (!needed || next == at)) {
      return;
    }
    cancel.run();
    set = needed;
    at = next;
    cancel = needed ? timer.schedule(action, nanos) : NOTHING;
  }

  /** Records that the action runs. */
  void passed() {
    set = false;
  }

  void cancel() {
    cancel.run();
  }
}
