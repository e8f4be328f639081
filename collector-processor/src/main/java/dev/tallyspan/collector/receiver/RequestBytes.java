package dev.tallyspan.collector.receiver;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Collects a request's bytes as they arrive. Memory is reserved from the budget before it is
 * allocated, and grows with what has arrived, not with what the sender announced. Used by one
 * thread at a time.
 */
final class RequestBytes {

  private static final byte[] NONE = {};

  /** Announced lengths up to this one are trusted, to avoid copies. */
  private static final int MAX_FIRST_CAPACITY = 1 << 20;

  private static final int MIN_CAPACITY = 8 << 10;

  private final int maxBytes;
  private final ByteBudget.Reservation reservation;
  private final int expected;
  private byte[] bytes = NONE;
  private int size;

  /**
   * @param expected the announced length; 0 = unknown
   */
  RequestBytes(int maxBytes, ByteBudget.Reservation reservation, long expected) {
    this.maxBytes = maxBytes;
    this.reservation = reservation;
    this.expected = (int) Math.min(expected, maxBytes);
  }

  void append(ByteBuf content) throws RefusedException {
    int length = content.readableBytes();
    if (length > 0) {
      room(length);
      content.readBytes(bytes, size, length);
      size += length;
    }
  }

  /** Reads to the end of the stream, or until the limit is exceeded. */
  void append(InputStream content) throws IOException, RefusedException {
    while (true) {
      if (size == bytes.length) {
        int next = content.read();
        if (next < 0) {
          return;
        }
        room(1);
        bytes[size++] = (byte) next;
      }
      int read = content.read(bytes, size, bytes.length - size);
      if (read < 0) {
        return;
      }
      size += read;
    }
  }

  /** Returns the bytes. Do not use this object afterwards. */
  byte[] toByteArray() {
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }

  private void room(int more) throws RefusedException {
    if (more > maxBytes - size) {
      throw new RefusedException(Refusal.tooLarge(maxBytes));
    }
    if (more <= bytes.length - size) {
      return;
    }
    int capacity = capacity(size + more);
    if (!reservation.add(capacity - bytes.length)) {
      throw new RefusedException(Refusal.overloaded());
    }
    bytes = Arrays.copyOf(bytes, capacity);
  }

  private int capacity(int needed) {
    long first = expected > 0 ? Math.min(expected, MAX_FIRST_CAPACITY) : MIN_CAPACITY;
    long grown = bytes.length == 0 ? first : 2L * bytes.length;
    // The last step grows to the announced length, so that the array need not be trimmed.
    long capped = expected >= needed ? Math.min(grown, expected) : grown;
    return (int) Math.min(maxBytes, Math.max(capped, needed));
  }
}
