package dev.tallyspan.collector.queue.log;

import dev.tallyspan.collector.wire.Slices;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns records of segments into entries. */
final class SegmentEntries {

  private SegmentEntries() {}

  /**
   * Returns the entry of a record that is not erased.
   *
   * @param stored the payload as it is on disk
   * @param cipher null if the segment is not encrypted
   * @return null if the payload is damaged
   */
  static @Nullable LogEntry decode(
      RecordHeader header, byte[] stored, @Nullable SegmentCipher cipher) {
    byte[] payload = Payload.crc(stored) == header.payloadCrc() ? stored : null;
    if (payload != null && header.encrypted()) {
      payload = cipher == null ? null : cipher.decrypt(header, payload);
    }
    if (payload == null) {
      return null;
    }
    int labelsLength = header.labelsLength();
    List<String> labels = Payload.labels(payload, labelsLength);
    Slices body = new Slices();
    body.add(payload, labelsLength, payload.length - labelsLength);
    return new LogEntry(
        header.sequence(), header.epochNanos(), header.signal(), header.items(), labels, body);
  }
}
