package dev.tallyspan.collector.queue.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads a segment's file through a window, so that small records do not cost a read each. */
final class SegmentInput {

  static final int WINDOW_BYTES = 64 << 10;

  private static final int NOT_AVAILABLE = -1;

  private final DiskFile file;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
  private long windowAt;
  private long limit;

  SegmentInput(DiskFile file, long limit) {
    this.file = file;
    this.limit = limit;
  }

  long limit() {
    return limit;
  }

  /** Allows to read up to this offset. Must not be less than before. */
  void extendTo(long newLimit) {
    limit = newLimit;
  }

  /** Returns the valid header at an offset; null if there is none, or its record does not end. */
  @Nullable RecordHeader header(long offset) throws IOException {
    int index = index(offset, RecordHeader.BYTES);
    RecordHeader header = index == NOT_AVAILABLE ? null : RecordHeader.decode(window, index);
    return header != null && offset + RecordHeader.BYTES + header.payloadLength() <= limit
        ? header
        : null;
  }

  /** Returns the next offset, from this one on, that could be that of a record; -1 if none. */
  long nextCandidate(long from) throws IOException {
    int align = RecordHeader.ALIGNMENT;
    for (long at = (from + align - 1) & -align; ; ) {
      int index = index(at, align);
      if (index == NOT_AVAILABLE) {
        return -1;
      }
      for (; index + align <= window.limit(); index += align, at += align) {
        if (window.getInt(index) == RecordHeader.MAGIC) {
          return at;
        }
      }
    }
  }

  /** Returns one more than the offset of the last byte that is not zero; {@code from} if none. */
  long contentEnd(long from) throws IOException {
    long end = from;
    for (long at = from; at < limit; ) {
      int index = index(at, 1);
      if (index == NOT_AVAILABLE) {
        break;
      }
      int length = window.limit() - index;
      for (int i = length - 1; i >= 0; i--) {
        if (window.get(index + i) != 0) {
          end = at + i + 1;
          break;
        }
      }
      at += length;
    }
    return end;
  }

  /** Reads the payload of the record at an offset as it is stored, without checking it. */
  byte[] payload(long offset, RecordHeader header) throws IOException {
    byte[] payload = new byte[header.payloadLength()];
    long at = offset + RecordHeader.BYTES;
    if (payload.length <= WINDOW_BYTES) {
      int index = index(at, payload.length);
      if (index != NOT_AVAILABLE) {
        window.get(index, payload);
      }
    } else {
      file.readFully(ByteBuffer.wrap(payload), at);
    }
    return payload;
  }

  /** Returns the header at an offset as it is on disk now, which may be that of an erased entry. */
  @Nullable RecordHeader headerNow(long offset) throws IOException {
    window.limit(0);
    return header(offset);
  }

  /** Whether the payload of the record at an offset is what was written. */
  boolean payloadIsValid(long offset, RecordHeader header) throws IOException {
    CRC32C crc = new CRC32C();
    long at = offset + RecordHeader.BYTES;
    for (long left = header.payloadLength(); left > 0; ) {
      int index = index(at, 1);
      if (index == NOT_AVAILABLE) {
        return false;
      }
      int length = (int) Math.min(left, window.limit() - index);
      crc.update(window.slice(index, length));
      at += length;
      left -= length;
    }
    return (int) crc.getValue() == header.payloadCrc();
  }

  /** Returns where in the window an offset is, with at least {@code length} bytes from there on. */
  private int index(long offset, int length) throws IOException {
    if (offset + length > limit) {
      return NOT_AVAILABLE;
    }
    if (offset < windowAt || offset + length > windowAt + window.limit()) {
      window.clear().limit((int) Math.min(WINDOW_BYTES, limit - offset));
      int toRead = window.limit();
      window.limit(0);
      ByteBuffer target = window.duplicate().limit(toRead);
      file.readFully(target, offset);
      windowAt = offset;
      window.limit(target.position());
      if (length > window.limit()) {
        return NOT_AVAILABLE;
      }
    }
    return (int) (offset - windowAt);
  }
}
