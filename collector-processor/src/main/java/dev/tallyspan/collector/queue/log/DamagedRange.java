package dev.tallyspan.collector.queue.log;

/**
 * A part of a file that cannot be read, and the entries that are lost with it.
 *
 * @param file the name of the file in the log's directory
 * @param offset where the damage begins, in bytes
 * @param bytes its length
 * @param first the sequence of the first entry that is lost
 * @param last the sequence of the last one; less than {@code first} if no entry is lost
 */
public record DamagedRange(String file, long offset, long bytes, long first, long last) {

  /** The number of entries that are lost. */
  public long entries() {
    return Math.max(0, last - first + 1);
  }
}
