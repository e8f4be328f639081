package dev.tallyspan.collector.flow;

/**
 * What comes back for a request, and the only thing that does: each holder of the request settles
 * its own share, and when all shares are settled their outcomes become one.
 *
 * <p>A request begins with one share. To hand it on to several others, take a further share for
 * each with {@link #retain}, before you hand on the first. The receiver of a share settles it once,
 * at some time, on any thread; settling it again has no effect.
 *
 * <p>Implementations are thread-safe. {@link #settle} may answer a sender, so it is not called
 * under a lock, and it does not block.
 */
public interface Ack {

  /** A further share of the same request, which is settled on its own. */
  Ack retain();

  /** Says what became of this share. Has no effect if the share has been settled. */
  void settle(Outcome outcome);

  /**
   * Whether nothing waits for the outcome any more, because the sender has gone. What is not under
   * way yet is then better left undone: a sender that gave up sends the same request again. The
   * share is settled all the same.
   */
  boolean isWithdrawn();

  /**
   * Runs an action when the request is withdrawn: at most once, on the thread that withdraws it, or
   * at once if it has been withdrawn. It is not run after all shares are settled, and it does not
   * block.
   */
  void onWithdrawal(Runnable action);
}
