package dev.tallyspan.collector.flow;

/**
 * The acknowledgement of a request: the only way in which its outcome gets back to the sender. Each
 * holder of the request settles its own share; when all shares are settled, their outcomes are
 * combined into one.
 *
 * <p>A request starts with one share. To pass it to several recipients, take one more share for
 * each further recipient with {@link #retain}, before you pass on the first. The recipient settles
 * its share once, at any time, on any thread. Settling it again has no effect.
 *
 * <p>Implementations are thread-safe, and no method blocks. {@link #settle} and {@link
 * #onWithdrawal} run code of others on the calling thread, so call them without holding a lock.
 */
public interface Ack {

  /**
   * Takes one more share of the same request, which is settled separately. Must not be called after
   * all shares are settled.
   */
  Ack retain();

  /** Settles this share with its outcome. Has no effect if the share is already settled. */
  void settle(Outcome outcome);

  /**
   * Whether the sender has gone and no longer waits for the outcome. Work that has not started
   * should then be skipped, because a sender that gave up usually sends the same request again. The
   * share must still be settled.
   */
  boolean isWithdrawn();

  /**
   * Registers an action to run when the request is withdrawn. It runs at most once, on the thread
   * that withdraws the request, or immediately if the request is already withdrawn. It does not run
   * after all shares are settled. The action must not block.
   */
  void onWithdrawal(Runnable action);
}
