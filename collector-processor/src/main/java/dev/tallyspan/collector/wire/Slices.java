package dev.tallyspan.collector.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Bytes as a list of ranges of arrays, in order. The arrays are not copied, so they must not be
 * modified while the slices are in use. Not thread-safe while slices are added; after that, threads
 * may share it.
 *
 * <p>Two concatenated OTLP requests of the same signal are one request with the content of both,
 * because a request consists only of a repeated field.
 */
public final class Slices {

  private byte[][] arrays;
  private int[] ranges;
  private int count;
  private long size;

  public Slices() {
    this(/* expected= */ 8);
  }

  /** Creates an empty list with room for {@code expected} slices. */
  Slices(int expected) {
    arrays = new byte[expected][];
    ranges = new int[2 * expected];
  }

  public static Slices of(byte[] bytes) {
    Slices slices = new Slices();
    slices.add(bytes, 0, bytes.length);
    return slices;
  }

  /** Appends {@code length} bytes of {@code array} from {@code offset}. */
  public void add(byte[] array, int offset, int length) {
    if (length == 0) {
      return;
    }
    if (count == arrays.length) {
      arrays = Arrays.copyOf(arrays, count * 2);
      ranges = Arrays.copyOf(ranges, count * 4);
    }
    arrays[count] = array;
    ranges[2 * count] = offset;
    ranges[2 * count + 1] = length;
    count++;
    size += length;
  }

  public void add(Slices other) {
    for (int i = 0; i < other.count; i++) {
      add(other.arrays[i], other.ranges[2 * i], other.ranges[2 * i + 1]);
    }
  }

  /** The total number of bytes. */
  public long size() {
    return size;
  }

  public void writeTo(OutputStream out) throws IOException {
    for (int i = 0; i < count; i++) {
      out.write(arrays[i], ranges[2 * i], ranges[2 * i + 1]);
    }
  }

  /**
   * Returns all bytes in one array: the original array if there is only one slice, which covers all
   * of it; otherwise a copy. The array must not be modified.
   */
  public byte[] contiguous() {
    return count == 1 && ranges[0] == 0 && ranges[1] == arrays[0].length
        ? arrays[0]
        : toByteArray();
  }

  /**
   * Whether this consists of one slice: {@code length} bytes of {@code array} from {@code offset}.
   */
  boolean refersTo(byte[] array, int offset, int length) {
    return length == 0
        ? count == 0
        : count == 1 && arrays[0] == array && ranges[0] == offset && ranges[1] == length;
  }

  /** Returns a copy of all bytes. */
  public byte[] toByteArray() {
    byte[] bytes = new byte[Math.toIntExact(size)];
    int at = 0;
    for (int i = 0; i < count; i++) {
      System.arraycopy(arrays[i], ranges[2 * i], bytes, at, ranges[2 * i + 1]);
      at += ranges[2 * i + 1];
    }
    return bytes;
  }
}
