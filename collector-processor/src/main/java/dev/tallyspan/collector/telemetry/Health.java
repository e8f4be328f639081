package dev.tallyspan.collector.telemetry;

/** What a supervisor asks a process; asked on an event loop, so answers must not block. */
public interface Health {

  /** Whether the process works at all; if it does not, it is to be restarted. */
  boolean live();

  /** Whether it is to be sent data now: false while it starts and while it stops. */
  boolean ready();
}
