package dev.tallyspan.collector.flow;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The acknowledgement that a sender waits for. The sender is answered once, when all shares are
 * settled. Thread-safe.
 *
 * <p>How different outcomes are combined:
 *
 * <ul>
 *   <li>All accepted: accepted.
 *   <li>At least one refused with a retryable code: {@code UNAVAILABLE}, with the longest retry
 *       delay that any of them asked for, because accepting would lose the request for the one that
 *       refused. When the sender retries, those that accepted get the request a second time.
 *   <li>Some accepted, the others refused permanently: accepted with a warning, because retrying
 *       would change nothing.
 *   <li>All refused permanently: refused as by the first one that settled.
 *   <li>Some accepted in part: all units that any of them rejected, as far as they are known, or
 *       else the largest number of rejected items that any of them reported.
 * </ul>
 */
public final class SenderAck implements Ack {

  private final Consumer<Outcome> answer;
  private final AtomicBoolean settled = new AtomicBoolean();

  private final Object lock = new Object();

  // Guarded by the lock, which is never held while code of others runs.
  private int open = 1;
  private boolean withdrawn;
  private List<Runnable> onWithdrawal = List.of();
  private int shares;
  private int refused;
  private Outcome.@Nullable Refused retryable;
  private Outcome.@Nullable Refused firstRefused;
  private @Nullable Duration retryAfter;
  private Outcome.@Nullable Partial partial;

  /**
   * @param answer receives the combined outcome, once, on the thread that settles the last share;
   *     must not block
   */
  public SenderAck(Consumer<Outcome> answer) {
    this.answer = requireNonNull(answer, "answer");
  }

  @Override
  public Ack retain() {
    synchronized (lock) {
      if (open == 0) {
        throw new IllegalStateException("open=0: all shares have been settled");
      }
      open++;
    }
    return new Share();
  }

  @Override
  public void settle(Outcome outcome) {
    settle(settled, outcome);
  }

  @Override
  public boolean isWithdrawn() {
    synchronized (lock) {
      return withdrawn;
    }
  }

  @Override
  public void onWithdrawal(Runnable action) {
    requireNonNull(action, "action");
    synchronized (lock) {
      if (open == 0) {
        return;
      }
      if (!withdrawn) {
        if (onWithdrawal.isEmpty()) {
          onWithdrawal = new ArrayList<>(2);
        }
        onWithdrawal.add(action);
        return;
      }
    }
    action.run();
  }

  /**
   * Call this, on any thread, when the sender has gone. Runs the registered actions on the calling
   * thread, at most once. Has no effect after all shares are settled.
   */
  public void withdraw() {
    List<Runnable> actions;
    synchronized (lock) {
      if (withdrawn || open == 0) {
        return;
      }
      withdrawn = true;
      actions = onWithdrawal;
      onWithdrawal = List.of();
    }
    actions.forEach(Runnable::run);
  }

  private void settle(AtomicBoolean share, Outcome outcome) {
    requireNonNull(outcome, "outcome");
    if (!share.compareAndSet(false, true)) {
      return;
    }
    Outcome combined;
    synchronized (lock) {
      add(outcome);
      open--;
      if (open > 0) {
        return;
      }
      onWithdrawal = List.of();
      combined = shares == 1 ? outcome : combined();
    }
    answer.accept(combined);
  }

  private void add(Outcome outcome) {
    shares++;
    if (outcome instanceof Outcome.Refused refusal) {
      refused++;
      if (firstRefused == null) {
        firstRefused = refusal;
      }
      if (refusal.retryable()) {
        if (retryable == null) {
          retryable = refusal;
        }
        retryAfter = longer(retryAfter, refusal.retryAfter());
      }
    } else if (outcome instanceof Outcome.Partial some) {
      partial = partial == null ? some : combined(partial, some);
    }
  }

  /** Units that are known are added up; otherwise the larger number counts. */
  private static Outcome.Partial combined(Outcome.Partial one, Outcome.Partial other) {
    UnitSet units = one.units().union(other.units());
    Outcome.Partial larger = other.rejected() > one.rejected() ? other : one;
    return new Outcome.Partial(Math.max(larger.rejected(), units.size()), units, larger.message());
  }

  private Outcome combined() {
    if (retryable != null) {
      return new Outcome.Refused(StatusCode.UNAVAILABLE, retryable.message(), retryAfter);
    }
    if (firstRefused != null) {
      return refused == shares
          ? firstRefused
          : new Outcome.Partial(
              partial == null ? 0 : partial.rejected(),
              partial == null ? UnitSet.EMPTY : partial.units(),
              refused + " of " + shares + " exporters refused: " + firstRefused.message());
    }
    return partial == null ? Outcome.ACCEPTED : partial;
  }

  private static @Nullable Duration longer(@Nullable Duration a, @Nullable Duration b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.compareTo(b) >= 0 ? a : b;
  }

  /** A share other than the first. */
  private final class Share implements Ack {

    private final AtomicBoolean shareSettled = new AtomicBoolean();

    @Override
    public Ack retain() {
      return SenderAck.this.retain();
    }

    @Override
    public void settle(Outcome outcome) {
      SenderAck.this.settle(shareSettled, outcome);
    }

    @Override
    public boolean isWithdrawn() {
      return SenderAck.this.isWithdrawn();
    }

    @Override
    public void onWithdrawal(Runnable action) {
      SenderAck.this.onWithdrawal(action);
    }
  }
}
