package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Ack;
import dev.tallyspan.collector.flow.Outcome;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The acknowledgement of a sender that never goes. Keeps every outcome, although there must be one.
 */
final class CountingAck implements Ack {
  final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();

  @Override
  public Ack retain() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void settle(Outcome outcome) {
    outcomes.add(outcome);
  }

  @Override
  public boolean isWithdrawn() {
    return false;
  }

  @Override
  public void onWithdrawal(Runnable action) {}
}
