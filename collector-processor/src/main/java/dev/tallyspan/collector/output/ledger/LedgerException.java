package dev.tallyspan.collector.output.ledger;

import java.io.IOException;

/** The ledger cannot be used, or refused a statement. The message is one line for the user. */
public final class LedgerException extends IOException {

  private static final long serialVersionUID = 1;

  public LedgerException(String message) {
    super(message);
  }

  LedgerException(String message, Throwable cause) {
    super(message, cause);
  }
}
