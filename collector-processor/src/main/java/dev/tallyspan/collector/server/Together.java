package dev.tallyspan.collector.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** Closes several things at the same time. */
final class Together {

  private Together() {}

  /** Closes each on its own thread, so that a slow one does not use up the time of the others. */
  static <T> void close(Collection<T> all, Consumer<T> close) {
    List<Thread> threads = new ArrayList<>();
    for (T each : all) {
      Thread thread = new Thread(() -> close.accept(each), "tallyspan-close");
      thread.start();
      threads.add(thread);
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
