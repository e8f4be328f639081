package dev.tallyspan.collector.json;

/**
 * The bytes are not a request of the signal in OTLP/JSON. The message says what is wrong and where
 * (a JSON pointer made of OTLP's own field names, or a line and column), and holds nothing of the
 * content. Without a stack trace, since bad input is the sender's fault and may come at any rate.
 */
public final class InvalidJsonException extends Exception {

  private static final long serialVersionUID = 1;

  private final boolean tooLarge;

  private InvalidJsonException(String message, boolean tooLarge) {
    super(message, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    this.tooLarge = tooLarge;
  }

  static InvalidJsonException at(String pointer, String what) {
    return new InvalidJsonException(
        (pointer.isEmpty() ? "the document" : pointer) + ": " + what, /* tooLarge= */ false);
  }

  static InvalidJsonException tooLarge(int maxBytes) {
    return new InvalidJsonException(
        "the request is larger than maxBytes=" + maxBytes, /* tooLarge= */ true);
  }

  /** Whether nothing is known to be wrong but the size. */
  public boolean tooLarge() {
    return tooLarge;
  }
}
