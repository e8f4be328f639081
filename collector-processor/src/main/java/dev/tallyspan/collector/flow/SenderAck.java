package dev.tallyspan.collector.flow;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The acknowledgement that a sender waits for. It is answered once, when all shares are settled.
 * Thread-safe.
 *
 * <p>What the sender is told when shares ended differently:
 *
 * <ul>
 *   <li>all accepted: accepted;
 *   <li>one refused and may be asked again: {@code UNAVAILABLE}, with the longest wait that any
 *       asked for, since accepting would lose the request for that one. When the sender comes
 *       again, those that had accepted get the request a second time;
 *   <li>some accepted, others refused for good: accepted with a warning, since sending again would
 *       change nothing;
 *   <li>all refused for good: refused as the first one that settled;
 *   <li>some accepted in part: as many items rejected as by the one that rejected most.
 * </ul>
 */
public final class SenderAck implements Ack {

  private final Consumer<Outcome> answer;
  private final AtomicBoolean settled = new AtomicBoolean();

  // Guarded by this object's monitor, which is never held while anything else is called.
  private int open = 1;
  private boolean withdrawn;
  private List<Runnable> onWithdrawal = List.of();
  private int shares;
  private int refused;
  private Outcome.Refused retryable;
  private Outcome.Refused firstRefused;
  private Duration retryAfter;
  private Outcome.Partial partial;

  /**
   * @param answer is given the outcome once, on the thread that settles the last share
   */
  public SenderAck(Consumer<Outcome> answer) {
    this.answer = requireNonNull(answer, "answer");
  }

  @Override
  public Ack retain() {
    synchronized (this) {
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
  public synchronized boolean isWithdrawn() {
    return withdrawn;
  }

  @Override
  public void onWithdrawal(Runnable action) {
    requireNonNull(action, "action");
    synchronized (this) {
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

  /** To be called when the sender has gone. Has no effect once all shares are settled. */
  public void withdraw() {
    List<Runnable> actions;
    synchronized (this) {
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
    synchronized (this) {
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
      firstRefused = firstRefused == null ? refusal : firstRefused;
      if (refusal.retryable()) {
        retryable = retryable == null ? refusal : retryable;
        retryAfter = longer(retryAfter, refusal.retryAfter());
      }
    } else if (outcome instanceof Outcome.Partial some
        && (partial == null || some.rejected() > partial.rejected())) {
      partial = some;
    }
  }

  private Outcome combined() {
    if (retryable != null) {
      return new Outcome.Refused(StatusCode.UNAVAILABLE, retryable.message(), retryAfter);
    }
    if (refused == shares) {
      return firstRefused;
    }
    if (refused > 0) {
      return new Outcome.Partial(
          partial == null ? 0 : partial.rejected(),
          refused + " of " + shares + " exporters refused: " + firstRefused.message());
    }
    return partial == null ? Outcome.ACCEPTED : partial;
  }

  private static Duration longer(Duration a, Duration b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.compareTo(b) >= 0 ? a : b;
  }

  /** A share beside the first. */
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
