package dev.tallyspan.collector.receiver;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A request's bytes as they come in. What is allocated is paid for from the budget beforehand and
 * grows with what has arrived, not with what the sender said would come.
 */
final class RequestBytes {

  private static final byte[] NONE = {};

  /** Up to here a length that the sender gave is believed, to spare the copies. */
  private static final int MAX_FIRST_CAPACITY = 1 << 20;

  private static final int MIN_CAPACITY = 8 << 10;

  private final int maxBytes;
  private final ByteBudget.Reservation reservation;
  private final int expected;
  private byte[] bytes = NONE;
  private int size;

  /**
   * @param expected the length that is to be expected; 0 if nothing is known
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

  /** Reads to the stream's end, or until the limit is passed. */
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

  /** The bytes; this object must not be used afterwards. */
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
    // The last step goes to the length that was announced, so that nothing need be trimmed.
    long capped = expected >= needed ? Math.min(grown, expected) : grown;
    return (int) Math.min(maxBytes, Math.max(capped, needed));
  }
}
