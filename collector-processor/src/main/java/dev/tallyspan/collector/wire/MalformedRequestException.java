package dev.tallyspan.collector.wire;

/**
 * Thrown when bytes are not a valid request of their signal. The message says what is wrong and at
 * which offset, and contains none of the content. Has no stack trace, because senders can cause it
 * at any rate.
 */
public final class MalformedRequestException extends Exception {

  private static final long serialVersionUID = 1;

  private final String message;

  public MalformedRequestException(String message) {
    super(message, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }
}
