package dev.tallyspan.collector.queue.log;

import java.util.List;

/**
 * What a log found when it was opened. Immutable.
 *
 * @param segments the number of files
 * @param entries the number of entries, except for damaged ones that have been found
 * @param bytes the bytes that the files use
 * @param torn incomplete writes that were cut off
 * @param damaged entries that were lost to damage. Damage to the content of older entries is found
 *     only when they are read, see {@link LogListener#damaged}
 */
public record Recovery(
    int segments, long entries, long bytes, List<TornTail> torn, List<DamagedRange> damaged) {

  public Recovery {
    torn = List.copyOf(torn);
    damaged = List.copyOf(damaged);
  }

  /** The total of the bytes that were cut off. */
  public long tornBytes() {
    return torn.stream().mapToLong(TornTail::bytes).sum();
  }

  /** The total of the entries that are lost to damage. */
  public long lostEntries() {
    return damaged.stream().mapToLong(DamagedRange::entries).sum();
  }
}
