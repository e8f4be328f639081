package dev.tallyspan.semconv.internal.dialect;

import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * A dialect that is a few keys beyond the conventions.
 *
 * @param id the name in {@code tallyspan.dialect}
 * @param markers prefixes of keys that make a span worth being asked about
 * @param recognising whether a span is written so
 * @param renames its keys
 * @param cacheCounts whether its input counts hold cache tokens
 * @param reading fills what the renames cannot
 */
record TableDialect(
    String id,
    List<String> markers,
    Predicate<IndexedSpan> recognising,
    List<Rename<?>> renames,
    CacheCounts cacheCounts,
    BiConsumer<IndexedSpan, Draft> reading)
    implements Dialect {

  /** A dialect of which it is not known what its input counts hold. */
  TableDialect(
      String id,
      List<String> markers,
      Predicate<IndexedSpan> recognising,
      List<Rename<?>> renames,
      BiConsumer<IndexedSpan, Draft> reading) {
    this(id, markers, recognising, renames, CacheCounts.UNKNOWN, reading);
  }

  TableDialect {
    Objects.requireNonNull(id, "id");
    markers = List.copyOf(markers);
    renames = List.copyOf(renames);
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    return recognising.test(span);
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    reading.accept(span, out);
  }
}
