package dev.tallyspan.collector.wire;

/** Thrown when an item or its resource has more keys and values than the reader accepts. */
public final class TooManyValuesException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TooManyValuesException(String message) {
    super(
        message,
        /* cause= */ null,
        /* enableSuppression= */ false,
        /* writableStackTrace= */ false);
  }
}
