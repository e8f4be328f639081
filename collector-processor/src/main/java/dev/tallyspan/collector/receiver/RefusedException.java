package dev.tallyspan.collector.receiver;

/**
 * Thrown when a request is refused while it is being read. Has no stack trace, because senders can
 * cause it at any rate.
 */
final class RefusedException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient Refusal refusal;

  RefusedException(Refusal refusal) {
    super(refusal.message(), null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    this.refusal = refusal;
  }

  Refusal refusal() {
    return refusal;
  }
}
