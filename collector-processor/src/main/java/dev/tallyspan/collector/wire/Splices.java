package dev.tallyspan.collector.wire;

import java.util.Arrays;

/** The changes to a request, in the order of its bytes: ranges to cut, and what replaces them. */
final class Splices {

  private static final int CUT_START = 0;
  private static final int CUT_END = 1;
  private static final int ADD_START = 2;
  private static final int ADD_END = 3;
  private static final int STRIDE = 4;

  private final Additions added = new Additions();
  private int[] splices = new int[256 * STRIDE];
  private int count;

  void reset() {
    added.reset();
    count = 0;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** The replacements that {@link #replace} refers to. */
  Additions added() {
    return added;
  }

  /** Reserves a place for {@link #fill}, before the changes that follow it are known. */
  int reserve(int at) {
    replace(at, at, 0, 0);
    return count - 1;
  }

  void fill(int place, int cutStart, int cutEnd, int addStart, int addEnd) {
    int at = place * STRIDE;
    splices[at + CUT_START] = cutStart;
    splices[at + CUT_END] = cutEnd;
    splices[at + ADD_START] = addStart;
    splices[at + ADD_END] = addEnd;
  }

  /** Replaces a range of the request by a range of {@link #added}; either may be empty. */
  void replace(int cutStart, int cutEnd, int addStart, int addEnd) {
    if (count * STRIDE == splices.length) {
      splices = Arrays.copyOf(splices, 2 * splices.length);
    }
    fill(count++, cutStart, cutEnd, addStart, addEnd);
  }

  /**
   * Applies the changes. The result shares the bytes of the request and of long texts that were
   * added; what else was added is copied.
   */
  Slices apply(byte[] request, int offset, int length) {
    // Each change ends a range of the request and adds one, which each text divides.
    Slices slices = new Slices(2 * (count + added.texts() + 1));
    byte[] pieces = added.collected();
    int kept = offset;
    // Adjacent replacements become one slice.
    int addStart = 0;
    int addEnd = 0;
    for (int i = 0; i < count * STRIDE; i += STRIDE) {
      int cutStart = splices[i + CUT_START];
      int from = splices[i + ADD_START];
      if (cutStart > kept || from != addEnd) {
        added.addTo(slices, pieces, addStart, addEnd);
        slices.add(request, kept, cutStart - kept);
        addStart = from;
      }
      addEnd = splices[i + ADD_END];
      kept = splices[i + CUT_END];
    }
    added.addTo(slices, pieces, addStart, addEnd);
    slices.add(request, kept, offset + length - kept);
    return slices;
  }

  /** Releases memory beyond {@code capacity}, which a large request may have needed. */
  void shrink(int capacity) {
    added.shrink(capacity);
    if (splices.length * Integer.BYTES > capacity) {
      splices = new int[256 * STRIDE];
      count = 0;
    }
  }
}
