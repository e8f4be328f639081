package dev.tallyspan.semconv;

/** Read-only view of one span event. */
public interface EventView {

  /** The event's name; empty if it has none. */
  String name();

  /** Nanoseconds since the epoch; 0 if unknown. */
  long epochNanos();

  AttributeView attributes();
}
