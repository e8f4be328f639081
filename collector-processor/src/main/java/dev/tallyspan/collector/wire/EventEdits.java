package dev.tallyspan.collector.wire;

/** The changes to the attributes of one span event. Not thread-safe. */
final class EventEdits extends ItemEdits {

  EventEdits() {
    super(OtlpFields.EVENT_ATTRIBUTES);
  }
}
