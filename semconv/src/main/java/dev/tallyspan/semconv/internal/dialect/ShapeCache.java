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

  static final int SIZE = 256;

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
    Entry entry = entries.getAcquire(place(hash));
    if (entry != null
        && entry.shape.hash() == hash
        && entry.shape.is(scope, hasEvents, attributes)) {
      if (!entry.found) {
        entry.found = true;
      }
      entry.shape.sort();
      return entry.shape;
    }
    return SpanShape.of(scope, hasEvents, attributes, hash);
  }

  /** Keeps a shape; of two with the same place, one that is in use stays for another round. */
  void keep(SpanShape shape) {
    int place = place(shape.hash());
    Entry entry = entries.getAcquire(place);
    if (entry != null && entry.found) {
      entry.found = false;
    } else if (shape.isSmall()) {
      entries.setRelease(place, new Entry(shape));
    }
  }

  private static int place(int hash) {
    return (hash * 0x9E3779B9) >>> 24;
  }
}
