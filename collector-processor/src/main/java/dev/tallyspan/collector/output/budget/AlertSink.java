package dev.tallyspan.collector.output.budget;

/** Takes alerts. Called on the threads that deliver batches: implementations do not block. */
@FunctionalInterface
public interface AlertSink {

  void send(Alert alert);
}
