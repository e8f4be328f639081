package dev.tallyspan.collector.flow;

/** The step after a receiver, which takes over what was received. */
public interface Intake {

  /**
   * Takes one request and settles its share when the request has been dealt with. Bytes that are
   * not a request of the signal are settled with INVALID_ARGUMENT.
   *
   * <p>Called on the worker threads of a receiver, several at a time, and never on an event loop.
   * It may compute but must not wait: what waits for a backend returns and settles later. The
   * request counts against the receiver's memory until it is settled. An exception is settled with
   * INTERNAL by the caller.
   */
  void accept(OtlpRequest request);
}
