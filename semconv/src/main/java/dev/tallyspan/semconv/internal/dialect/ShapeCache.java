package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.AttributeView;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the shapes of recent spans, at most {@value #SIZE}, some megabytes at worst. A shape is
 * found by its hash and then compared as a whole, so a collision costs time and nothing else.
 * Thread-safe.
 */
final class ShapeCache {

  static final int SIZE = 512;

  /** With one place each, a third of a hundred shapes would be in the way of another one. */
  static final int PLACES = 8;

  private final AtomicReferenceArray<@Nullable Entry> entries = new AtomicReferenceArray<>(SIZE);

  /** A shape, and whether it was found since another one wanted its place. */
  private static final class Entry {
    private final SpanShape shape;
    private volatile boolean found;

    Entry(SpanShape shape) {
      this.shape = shape;
    }
  }

  /** The shape of a span; a new one, which is not kept, if it is not known. */
  SpanShape shape(String scope, boolean hasEvents, AttributeView attributes) {
    int hash = SpanShape.hash(scope, hasEvents, attributes);
    int first = place(hash);
    for (int i = first; i < first + PLACES; i++) {
      Entry entry = entries.getAcquire(i);
      if (entry == null) {
        break; // places are taken in order, and stay taken
      }
      if (entry.shape.hash() == hash && entry.shape.is(scope, hasEvents, attributes)) {
        if (!entry.found) {
          entry.found = true;
        }
        entry.shape.sort();
        return entry.shape;
      }
    }
    return SpanShape.of(scope, hasEvents, attributes, hash);
  }

  /** Keeps a shape; if all its places are of shapes in use, these stay for another round. */
  void keep(SpanShape shape) {
    if (!shape.isSmall()) {
      return;
    }
    int first = place(shape.hash());
    int free = -1;
    for (int i = first; i < first + PLACES; i++) {
      Entry entry = entries.getAcquire(i);
      if (entry == null) {
        free = i;
        break;
      }
      if (!entry.found && free < 0) {
        free = i;
      }
    }
    if (free >= 0) {
      entries.setRelease(free, new Entry(shape));
      return;
    }
    for (int i = first; i < first + PLACES; i++) {
      Entry entry = entries.getAcquire(i);
      if (entry != null) {
        entry.found = false;
      }
    }
  }

  /** The first of the places where a shape may be. */
  private static int place(int hash) {
    return ((hash * 0x9E3779B9) >>> 26) * PLACES;
  }
}
