package dev.tallyspan.collector.json;

/**
 * Thrown when bytes are not a valid request of their signal in OTLP/JSON. The message says what is
 * wrong and where (a JSON pointer with OTLP's own field names, or a line and column), and contains
 * none of the content. Has no stack trace, because senders can cause it at any rate.
 */
public final class InvalidJsonException extends Exception {

  private static final long serialVersionUID = 1;

  private final String message;
  private final boolean tooLarge;

  private InvalidJsonException(String message, boolean tooLarge) {
    super(message, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    this.message = message;
    this.tooLarge = tooLarge;
  }

  @Override
  public String getMessage() {
    return message;
  }

  static InvalidJsonException at(String pointer, String what) {
    return new InvalidJsonException(
        (pointer.isEmpty() ? "the document" : pointer) + ": " + what, /* tooLarge= */ false);
  }

  static InvalidJsonException tooLarge(int maxBytes) {
    return new InvalidJsonException(
        "the request is larger than maxBytes=" + maxBytes, /* tooLarge= */ true);
  }

  /** Whether the request is rejected only because of its size. */
  public boolean tooLarge() {
    return tooLarge;
  }
}
