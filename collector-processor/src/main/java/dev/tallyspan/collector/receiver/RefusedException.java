package dev.tallyspan.collector.receiver;

/** A request is refused while it is being read; without a stack trace, as senders cause it. */
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
