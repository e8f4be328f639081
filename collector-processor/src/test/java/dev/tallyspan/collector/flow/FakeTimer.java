package dev.tallyspan.collector.flow;

import java.time.Duration;
import java.util.Comparator;
import java.util.TreeSet;

/** Time that passes when a test says so; what is due runs on the test's thread. */
public final class FakeTimer implements Timer {
  private record Task(long at, long sequence, Runnable run) {}

  private final TreeSet<Task> tasks =
      new TreeSet<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::sequence));
  // Near the overflow that nanoTime() may come to.
  private long now = Long.MAX_VALUE - Duration.ofSeconds(20).toNanos();
  private long start = now;
  private long sequence;

  public void advance(Duration duration) {
    long end = now - start + duration.toNanos();
    while (!tasks.isEmpty() && tasks.first().at() <= end) {
      Task task = tasks.pollFirst();
      now = start + Math.max(task.at(), now - start);
      task.run().run();
    }
    now = start + end;
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public Runnable schedule(Runnable task, long delayNanos) {
    Task scheduled = new Task(now - start + Math.max(0, delayNanos), sequence++, task);
    tasks.add(scheduled);
    return () -> tasks.remove(scheduled);
  }

  @Override
  public void close() {
    tasks.clear();
  }
}
