package dev.tallyspan.api;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs code of an integration that records, so that its failure does not reach the application. A
 * failure is counted in {@link GenAi#faults}, and each cause is logged once, without the message of
 * the exception, which may contain content. Thread-safe.
 *
 * <p>The methods of builders and operations do not throw and need no guard; what an integration
 * does to find out what to record may throw.
 *
 * @see GenAi#guard
 */
public final class Guard {

  private final Faults faults;

  Guard(Faults faults) {
    this.faults = faults;
  }

  /**
   * Runs the code. What it throws is counted.
   *
   * @param recording runs on this thread, at once
   */
  public void run(Runnable recording) {
    try {
      recording.run();
    } catch (Throwable t) {
      faults.add(t);
    }
  }

  /**
   * {@return what the code returns, or null if it throws, which is counted}
   *
   * @param <T> the type of the result
   * @param recording runs on this thread, at once
   */
  public <T> @Nullable T get(Supplier<? extends @Nullable T> recording) {
    try {
      return recording.get();
    } catch (Throwable t) {
      faults.add(t);
      return null;
    }
  }
}
