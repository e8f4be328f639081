package dev.tallyspan.collector.server;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.OtlpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The way from a receiver, which stays, to pipelines that a new configuration replaces. Requests
 * that arrive between the old pipelines and the new ones wait; the receiver's limit for memory
 * holds for them too. Thread-safe.
 */
final class SwitchedIntake implements Intake {

  /*
   * No request may reach pipelines that are closed: its sender would be refused for no reason. So a
   * request is passed on under a lock that all senders share, and holding needs the lock alone: it
   * waits for the requests that are being passed on, which takes no longer than processing them.
   */

  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  /** Null while requests wait. Guarded by the lock. */
  private @Nullable Intake target;

  /** Guarded by itself, and filled under the shared lock only. */
  private final List<OtlpRequest> waiting = new ArrayList<>();

  /** Creates an intake whose requests wait until {@link #passTo} is called. */
  SwitchedIntake() {}

  @Override
  public void accept(OtlpRequest request) {
    Lock shared = lock.readLock();
    shared.lock();
    try {
      if (target == null) {
        synchronized (waiting) {
          waiting.add(request);
        }
      } else {
        target.accept(request);
      }
    } finally {
      shared.unlock();
    }
  }

  /** Lets requests wait. When this returns, none is on its way to the target. */
  void hold() {
    lock.writeLock().lock();
    try {
      target = null;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Passes on what waits, in the order of arrival, and what arrives from now on. */
  void passTo(Intake next) {
    List<OtlpRequest> held;
    lock.writeLock().lock();
    try {
      target = requireNonNull(next, "next");
      held = List.copyOf(waiting);
      waiting.clear();
    } finally {
      lock.writeLock().unlock();
    }
    // Not under the lock: requests that arrive now need not wait for these.
    List<Intake> self = List.of(this);
    held.forEach(each -> each.passTo("the pipelines", self, Intake::accept));
  }
}
