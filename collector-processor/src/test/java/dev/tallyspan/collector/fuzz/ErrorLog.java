package dev.tallyspan.collector.fuzz;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Keeps the errors that are logged while it is open, by Tallyspan and by gRPC. */
public final class ErrorLog extends Handler {

  private final List<String> errors = new CopyOnWriteArrayList<>();

  public ErrorLog() {
    setLevel(Level.SEVERE);
    Logger.getLogger("").addHandler(this);
  }

  public List<String> errors() {
    return errors;
  }

  @Override
  public void publish(LogRecord entry) {
    if (isLoggable(entry)) {
      errors.add(entry.getLoggerName() + ": " + entry.getMessage() + " " + entry.getThrown());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    Logger.getLogger("").removeHandler(this);
  }
}
