package dev.tallyspan.collector.processor;

import dev.tallyspan.collector.wire.MalformedRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Divides large requests among the thread that has to process them and threads that have nothing to
 * do. The result is that of one thread. Thread-safe.
 *
 * <p>The calling thread works too, and waits only for parts that others have begun: it never waits
 * for a thread to become free.
 */
final class SharedWork {

  /** Reads the items from {@code from} to {@code to} - 1. Called on several threads at a time. */
  interface Part<R> {
    List<R> read(int from, int to) throws MalformedRequestException;
  }

  /**
   * The items of a part, each of which takes some 10 µs or more; to wake up a thread takes about as
   * long as one item.
   */
  private static final int ITEMS = 32;

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  /** All pipelines together: there are not more processors for several of them. */
  private static final SharedWork OF_ALL = new SharedWork(threads(), PROCESSORS);

  private final Executor threads;
  private final int processors;

  /** The threads that process a request now, without those that help them. */
  private final AtomicInteger busy = new AtomicInteger();

  /**
   * @param threads run a task at once, or reject it
   * @param processors how many threads may work at a time; with 1, no thread helps
   */
  SharedWork(Executor threads, int processors) {
    this.threads = threads;
    this.processors = processors;
  }

  static SharedWork ofAllPipelines() {
    return OF_ALL;
  }

  private static Executor threads() {
    AtomicInteger number = new AtomicInteger();
    // Without a queue, a task is rejected unless a thread is free or may be started.
    return new ThreadPoolExecutor(
        0,
        Math.max(1, PROCESSORS - 1),
        10,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = new Thread(task, "otlp-help-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Reads all items.
   *
   * @return the results of all parts, in order
   * @throws MalformedRequestException of the first item that has a fault
   */
  <R> List<R> read(int items, Part<R> part) throws MalformedRequestException {
    // Threads that process other requests leave no processor for helping.
    int free = processors - busy.incrementAndGet();
    try {
      if (items < 2 * ITEMS || free <= 0) {
        return part.read(0, items);
      }
      Division<R> division = new Division<>(items, part);
      division.shareWith(threads, free);
      division.run();
      return division.result();
    } finally {
      busy.decrementAndGet();
    }
  }

  /** One request. Each thread takes the next part until none is left. */
  private static final class Division<R> implements Runnable {

    private final int items;
    private final Part<R> part;
    private final int parts;
    private final AtomicInteger next = new AtomicInteger();

    /** Counts parts that have ended; what was written to the lists before is visible after it. */
    private final CountDownLatch left;

    private final List<List<R>> results;
    private final @Nullable Throwable[] failures;

    Division(int items, Part<R> part) {
      this.items = items;
      this.part = part;
      this.parts = (items + ITEMS - 1) / ITEMS;
      this.left = new CountDownLatch(parts);
      this.results = new ArrayList<>(parts);
      for (int i = 0; i < parts; i++) {
        results.add(List.of());
      }
      this.failures = new Throwable[parts];
    }

    void shareWith(Executor threads, int most) {
      try {
        for (int i = 0; i < Math.min(most, parts - 1); i++) {
          threads.execute(this);
        }
      } catch (RejectedExecutionException e) {
        // All threads are busy. Those that have taken the task help, and the caller does the rest.
      }
    }

    @Override
    public void run() {
      for (int i = next.getAndIncrement(); i < parts; i = next.getAndIncrement()) {
        try {
          results.set(i, part.read(i * ITEMS, Math.min(items, (i + 1) * ITEMS)));
        } catch (Throwable e) {
          failures[i] = e; // thrown by the thread that has to process the request
        } finally {
          left.countDown();
        }
      }
    }

    List<R> result() throws MalformedRequestException {
      await();
      List<R> all = new ArrayList<>(items);
      for (int i = 0; i < parts; i++) {
        if (failures[i] instanceof MalformedRequestException malformed) {
          throw malformed;
        } else if (failures[i] instanceof Error error) {
          throw error;
        } else if (failures[i] instanceof RuntimeException exception) {
          throw exception;
        }
        all.addAll(results.get(i));
      }
      return all;
    }

    /** Waits for parts that others have begun, which takes less than a request. */
    private void await() {
      boolean interrupted = false;
      while (true) {
        try {
          left.await();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
