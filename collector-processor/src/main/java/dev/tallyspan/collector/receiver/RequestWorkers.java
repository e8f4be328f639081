package dev.tallyspan.collector.receiver;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads on which requests are decompressed, translated and processed: as many as there are
 * processors. Event loops only move bytes, so that one request that takes long to understand does
 * not stall every other connection of its loop.
 *
 * <p>The bytes of requests that wait here are bounded by the {@link ByteBudget}, their number by
 * {@link #MAX_WAITING}; beyond that senders are told to come again.
 */
final class RequestWorkers implements Executor {

  /** A few seconds of work, so that a longer queue would only make senders time out. */
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

  /** Runs a task that may wait behind any number of others. */
  @Override
  public void execute(Runnable task) {
    threads.execute(task);
  }

  /**
   * Runs a task: at once if the caller is a worker, else on one. Returns false, and does not run
   * it, if too many wait already or the workers have been stopped.
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

  /** Takes no more tasks; those that wait are still run. */
  void close() {
    threads.shutdown();
  }

  private static final class Worker extends FastThreadLocalThread {
    Worker(ThreadGroup group, Runnable task, String name) {
      super(group, task, name);
    }
  }
}
