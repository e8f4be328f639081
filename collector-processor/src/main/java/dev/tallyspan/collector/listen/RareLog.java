package dev.tallyspan.collector.listen;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * Logs what clients can cause at any rate: at most one line per minute, with the number of events
 * since the previous line. Thread-safe; does not block.
 */
public final class RareLog {

  private static final long INTERVAL = TimeUnit.MINUTES.toNanos(1);

  private final Logger logger;
  private final LongSupplier nanoTime;
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong next;

  public RareLog(Logger logger) {
    this(logger, System::nanoTime);
  }

  RareLog(Logger logger, LongSupplier nanoTime) {
    this.logger = logger;
    this.nanoTime = nanoTime;
    this.next = new AtomicLong(nanoTime.getAsLong());
  }

  /**
   * Counts an event, and logs a warning if there was none in the last minute.
   *
   * @param message creates the line from the number of events that it stands for
   */
  public void warn(LongFunction<String> message) {
    events.incrementAndGet();
    long now = nanoTime.getAsLong();
    long due = next.get();
    if (now - due >= 0 && next.compareAndSet(due, now + INTERVAL)) {
      logger.log(Level.WARNING, message.apply(events.getAndSet(0)));
    }
  }
}
