package dev.tallyspan.collector.queue.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks a segment from record to record. If there is no valid record where one is expected, it
 * searches for the next one, which must belong to the same segment and have a higher sequence.
 */
final class SegmentScan {

  /** A valid header, and where it is. */
  record Found(long offset, RecordHeader header) {

    long nextOffset() {
      return offset + header.recordBytes();
    }
  }

  /**
   * What is in a segment.
   *
   * @param salt that of the records; 0 if there are none
   * @param end one more than the sequence of the last entry; the segment's first if there is none
   * @param endOffset the offset after the last entry
   * @param contentEnd the offset after the last byte that is not zero, or {@code endOffset}
   * @param encrypted whether there is an encrypted record
   */
  record Result(
      long entries,
      long salt,
      long end,
      long endOffset,
      long contentEnd,
      long lastEpochNanos,
      boolean encrypted,
      List<DamagedRange> damaged) {}

  private final SegmentInput input;
  private final long bound;
  private @Nullable Long salt;
  private int group;

  /**
   * @param salt that of the segment; null if its header is damaged, in which case the first valid
   *     record decides
   * @param bound records of this sequence or higher do not belong to the segment, because the next
   *     segment begins with it
   */
  SegmentScan(SegmentInput input, @Nullable Long salt, long bound) {
    this.input = input;
    this.salt = salt;
    this.bound = bound;
  }

  /** Starts to walk at an offset other than the first, after a record of this group. */
  void continueFrom(int lastGroup) {
    group = lastGroup;
  }

  /**
   * Returns the record at an offset, if it is valid and its sequence is {@code expected}; otherwise
   * the next valid record with at least this sequence; null if there is none.
   */
  @Nullable Found next(long offset, long expected) throws IOException {
    RecordHeader header = input.header(offset);
    if (header != null && header.sequence() == expected && belongs(header)) {
      return found(offset, header);
    }
    for (long at = input.nextCandidate(offset); at >= 0; at = input.nextCandidate(at + 1)) {
      RecordHeader candidate = input.header(at);
      if (candidate != null && candidate.sequence() >= expected && belongs(candidate)) {
        return found(at, candidate);
      }
    }
    return null;
  }

  private boolean belongs(RecordHeader header) {
    return header.sequence() < bound
        && header.group() >= group
        && (salt == null || header.salt() == salt);
  }

  private Found found(long offset, RecordHeader header) {
    salt = header.salt();
    group = header.group();
    return new Found(offset, header);
  }

  /**
   * Walks the whole segment.
   *
   * @param verify whether to check the payloads too, not only the headers
   */
  Result all(SegmentName name, boolean verify) throws IOException {
    long offset = SegmentHeader.BYTES;
    long end = offset;
    long expected = name.first();
    long nextSequence = expected;
    long entries = 0;
    long lastEpochNanos = 0;
    boolean encrypted = false;
    List<DamagedRange> damaged = new ArrayList<>();
    for (Found found = next(offset, nextSequence);
        found != null;
        found = next(offset, nextSequence)) {
      RecordHeader header = found.header();
      offset = found.nextOffset();
      nextSequence = header.sequence() + 1;
      encrypted |= header.encrypted();
      // An erased entry is valid even if the process ended before all of it was overwritten.
      if (verify && !header.erased() && !input.payloadIsValid(found.offset(), header)) {
        continue; // Damage if a valid record follows, a torn tail otherwise.
      }
      if (found.offset() > end || header.sequence() > expected) {
        damaged.add(
            new DamagedRange(
                name.file(), end, found.offset() - end, expected, header.sequence() - 1));
      }
      entries++;
      end = offset;
      expected = nextSequence;
      lastEpochNanos = header.epochNanos();
    }
    return new Result(
        entries,
        salt == null ? 0 : salt,
        expected,
        end,
        Math.max(end, input.contentEnd(Math.min(end, input.limit()))),
        lastEpochNanos,
        encrypted,
        damaged);
  }
}
