package dev.tallyspan.collector.server;

import java.io.IOException;

/** The data directory cannot be used. The message is for the user. */
public final class StorageException extends IOException {

  private static final long serialVersionUID = 1;

  StorageException(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
