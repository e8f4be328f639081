package dev.tallyspan.collector.wire;

/** The changes to one log record. Not thread-safe. */
public final class LogEdits extends ItemEdits {

  LogEdits() {
    super(OtlpFields.LOG_ATTRIBUTES);
  }
}
