package dev.tallyspan.collector.wire;

/**
 * The bytes are not a request of the signal they were said to be. The message says what and at
 * which offset, and holds nothing of the content. Without a stack trace, since bad input is the
 * sender's fault and may come at any rate.
 */
public final class MalformedRequestException extends Exception {

  private static final long serialVersionUID = 1;

  public MalformedRequestException(String message) {
    super(message, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
  }
}
