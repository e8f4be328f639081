package dev.tallyspan.collector.exporter;

/** What a queue reports when metrics are read. Thread-safe; no method blocks for long. */
interface QueueFigures {

  /** The size, in the unit of the queue's sizer. */
  long size();

  /** The capacity, in the unit of the queue's sizer; 0 = not limited. */
  long capacity();

  /** The age of the oldest request that is not settled, in seconds; 0 if there is none. */
  double oldestAge();
}
