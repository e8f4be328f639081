package dev.tallyspan.collector.config;

/** When the sender of a request gets a success response. */
public enum QueueMode {
  /** When the request is on disk. Requests that were not delivered survive a restart. */
  DURABLE,

  /** When the backends of all exporters have accepted the request. */
  DIRECT,

  /**
   * When the request is in memory, as in the OpenTelemetry Collector: requests that were not
   * delivered are lost if the process ends abruptly.
   */
  MEMORY
}
