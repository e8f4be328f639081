package dev.tallyspan.collector.receiver;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that decompress, convert and process requests, one per core. Event loops only move
 * bytes, so that a request that takes long to process does not stall the other connections of its
 * loop.
 *
 * <p>{@link ByteBudget} limits the bytes of the requests that wait here, {@link #MAX_WAITING} their
 * number. Further requests are refused, and senders should retry them. Thread-safe; no method
 * blocks.
 */
final class RequestWorkers implements Executor {

  /** A few seconds of work; with a longer queue, senders would only time out. */
  static final int MAX_WAITING = 4096;

  private static final String NAME = "otlp-work";

  private final ThreadPoolExecutor threads;

  RequestWorkers(int count) {
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new DefaultThreadFactory(NAME, /* daemon= */ true) {
              @Override
              protected Thread newThread(Runnable task, String name) {
                return new Worker(threadGroup, task, name);
              }
            });
  }

  /** Runs a task, without a limit for the number of tasks that wait. */
  @Override
  public void execute(Runnable task) {
    threads.execute(task);
  }

  /**
   * Runs a task: immediately if the caller is a worker, otherwise on a worker. Returns false,
   * without running it, if too many tasks already wait or the workers are stopped.
   */
  boolean offer(Runnable task) {
    if (Thread.currentThread() instanceof Worker) {
      task.run();
      return true;
    }
    if (threads.getQueue().size() >= MAX_WAITING) {
      return false;
    }
    try {
      threads.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** Stops accepting tasks. Waiting tasks still run. */
  void close() {
    threads.shutdown();
  }

  private static final class Worker extends FastThreadLocalThread {
    Worker(ThreadGroup group, Runnable task, String name) {
      super(group, task, name);
    }
  }
}
