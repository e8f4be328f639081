package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.SpanView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds out in which dialects a span is written, and which of its attributes fill slots by their
 * key alone. Thread-safe.
 */
public final class Recogniser {

  /*
   * Spans of one instrumentation have the same keys again and again, and most dialects are
   * recognised by keys and scope alone. So what follows from these is kept with the shape of the
   * span. Which decisions follow from the shape is not declared but observed: IndexedSpan notes when
   * anything is read that two spans of one shape may have different, a value, the name, an event. A
   * dialect that has read such a thing is asked again for each span. One that has not sees the same
   * in all spans of this shape, so it decides the same.
   */

  private static final RankedRename[] NONE = {};

  private final Dialect[] dialects;
  private final Map<String, RankedRename[]> renames;
  private final boolean[] universal;
  private final ShapeCache shapes = new ShapeCache();

  /** A rename, with its position among all renames. */
  private record RankedRename(Rename<?> rename, int dialect, int order) {}

  /** A rename whose attribute is on the span. */
  private record Match(RankedRename rename, int attribute) {}

  /** What the dialects decide about each span of a shape, by rank. */
  record Decisions(boolean[] recognised, boolean[] askAgain) {}

  /** The renames for spans of a shape in these dialects, strongest last in order. */
  record Renames(boolean[] speaks, Match[] matches) {}

  /**
   * @param dialects strongest first
   */
  public Recogniser(List<Dialect> dialects) {
    this.dialects = dialects.toArray(Dialect[]::new);
    renames = renamesByKey(dialects);
    universal = new boolean[this.dialects.length];
    for (int i = 0; i < universal.length; i++) {
      universal[i] = this.dialects[i].isUniversal();
    }
  }

  private static Map<String, RankedRename[]> renamesByKey(List<Dialect> dialects) {
    Map<String, RankedRename[]> byKey = new HashMap<>();
    int order = 0;
    for (int i = 0; i < dialects.size(); i++) {
      for (Rename<?> rename : dialects.get(i).renames()) {
        RankedRename[] before = byKey.getOrDefault(rename.key(), NONE);
        RankedRename[] after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = new RankedRename(rename, i, order++);
        byKey.put(rename.key(), after);
      }
    }
    return byKey;
  }

  /** Indexes a span by what is known of its shape. */
  public IndexedSpan index(SpanView span) {
    return new IndexedSpan(span, shapes);
  }

  /**
   * Notes the dialects that recognise the span, and those that fail.
   *
   * @param span what {@link #index} returned
   * @return whether the dialect recognises it, by rank
   */
  public boolean[] recognise(IndexedSpan span, Draft out) {
    SpanShape shape = span.shape();
    Decisions known = shape.decisions();
    boolean[] speaks = known == null ? new boolean[dialects.length] : known.recognised.clone();
    boolean[] askAgain = known == null ? new boolean[dialects.length] : known.askAgain;
    for (int i = 0; i < speaks.length; i++) {
      if (known == null || askAgain[i]) {
        span.startNoting();
        boolean failed = false;
        try {
          speaks[i] = dialects[i].recognises(span);
        } catch (RuntimeException e) {
          out.failed(dialects[i].id(), e);
          failed = true;
        }
        if (known == null) {
          askAgain[i] = failed || span.readMoreThanShape();
        }
      }
      if (speaks[i]) {
        out.recognised(dialects[i].id());
      }
    }
    if (known == null) {
      shape.decided(new Decisions(speaks.clone(), askAgain));
      shapes.keep(shape);
    }
    return speaks;
  }

  /** Offers the attributes that fill slots by their key. */
  public void rename(IndexedSpan span, boolean[] speaks, Draft out) {
    SpanShape shape = span.shape();
    Renames known = shape.renames();
    if (known == null || !Arrays.equals(known.speaks, speaks)) {
      known = new Renames(speaks, matches(span.span().attributes(), speaks));
      shape.renamed(known);
    }
    for (Match match : known.matches) {
      Rename<?> rename = match.rename.rename;
      int rank = match.rename.dialect;
      out.from(dialects[rank].id(), rank);
      if (rename.slot().keyClass() == KeyClass.CONTENT) {
        out.content(() -> offer(rename, match.attribute, span, out), rename.slot());
      } else {
        offer(rename, match.attribute, span, out);
      }
    }
  }

  private static void offer(Rename<?> rename, int attribute, IndexedSpan span, Draft out) {
    if (rename.offer(span.at(attribute), out)) {
      out.consumed(rename.key());
    }
  }

  private Match[] matches(AttributeView attributes, boolean[] speaks) {
    List<Match> matches = new ArrayList<>();
    for (int i = 0; i < attributes.size(); i++) {
      for (RankedRename rename : renamesOf(attributes.key(i))) {
        if (speaks[rename.dialect] || universal[rename.dialect]) {
          matches.add(new Match(rename, i));
        }
      }
    }
    matches.sort((a, b) -> Integer.compare(a.rename.order, b.rename.order));
    return matches.toArray(Match[]::new);
  }

  private RankedRename[] renamesOf(@Nullable String key) {
    RankedRename[] found = key == null ? null : renames.get(key);
    return found == null ? NONE : found;
  }
}
