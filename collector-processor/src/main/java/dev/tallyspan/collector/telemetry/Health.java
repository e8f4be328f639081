package dev.tallyspan.collector.telemetry;

/**
 * The health of the process, as a supervisor checks it. The telemetry server calls both methods on
 * its event loop, so implementations must not block.
 */
public interface Health {

  /** Whether the process works. If not, the supervisor should restart it. */
  boolean live();

  /** Whether the process accepts data now: false while it starts and while it stops. */
  boolean ready();
}
