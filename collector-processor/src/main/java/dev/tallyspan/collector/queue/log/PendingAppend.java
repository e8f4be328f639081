package dev.tallyspan.collector.queue.log;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.Slices;
import java.util.List;

/**
 * A request that waits to be written.
 *
 * @param encodedLabels the labels as they are stored
 * @param payloadCrc the CRC32C of labels and body; not computed if the log is encrypted
 * @param recordBytes how much of a segment the entry takes
 */
record PendingAppend(
    long epochNanos,
    Signal signal,
    int items,
    List<String> labels,
    byte[] encodedLabels,
    Slices body,
    int payloadCrc,
    long recordBytes,
    RequestLog.Appended result) {}
