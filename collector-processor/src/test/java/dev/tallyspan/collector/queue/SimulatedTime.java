package dev.tallyspan.collector.queue;

import dev.tallyspan.collector.flow.Timer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;

/**
 * A timer, a clock and an executor in virtual time. Tasks that are due run one at a time, in an
 * order that the seed decides. Used by one thread.
 */
final class SimulatedTime implements Timer, Executor, InstantSource {

  private record Task(Runnable run, long due) {}

  private final Random random;
  private final List<Task> tasks = new ArrayList<>();
  private long now;

  SimulatedTime(Random random) {
    this.random = random;
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochSecond(1_790_000_000L, now);
  }

  @Override
  public Runnable schedule(Runnable task, long delayNanos) {
    Task added = new Task(task, now + Math.max(0, delayNanos));
    tasks.add(added);
    return () -> tasks.remove(added);
  }

  @Override
  public void execute(Runnable task) {
    schedule(task, 0);
  }

  /** Runs one task, after moving the time to when one is due. Returns false if there is none. */
  boolean step() {
    if (tasks.isEmpty()) {
      return false;
    }
    long first = tasks.stream().mapToLong(Task::due).min().orElseThrow();
    now = Math.max(now, first);
    List<Task> due = tasks.stream().filter(task -> task.due() <= now).toList();
    Task task = due.get(random.nextInt(due.size()));
    tasks.remove(task);
    task.run().run();
    return true;
  }

  /** Forgets all tasks, as a process does that is killed. */
  @Override
  public void close() {
    tasks.clear();
  }
}
