package dev.tallyspan.collector.flow;

/** Takes the requests that a receiver has received. */
public interface Intake {

  /**
   * Takes one request, and settles its share of the acknowledgement once the request has been
   * handled. Bytes that are not a request of the signal are settled with {@code INVALID_ARGUMENT}.
   *
   * <p>Receivers call this on their worker threads, for several requests concurrently and in no
   * particular order, never on an event loop. It may compute but must not block: to wait for a
   * backend, return and settle later. The request counts against the receiver's memory limit until
   * it is settled. If this method throws, the caller settles the share with {@code INTERNAL}.
   */
  void accept(OtlpRequest request);
}
