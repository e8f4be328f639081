package dev.tallyspan.collector.queue.log;

/**
 * The remains of a write that did not complete before a crash, which were cut off. None of it was
 * acknowledged.
 *
 * @param file the name of the file in the log's directory
 * @param offset where it was cut, in bytes
 * @param bytes how much was cut off
 */
public record TornTail(String file, long offset, long bytes) {}
