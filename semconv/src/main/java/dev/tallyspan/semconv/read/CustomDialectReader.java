package dev.tallyspan.semconv.read;

import dev.tallyspan.semconv.TokenUsage.Semantics;
import dev.tallyspan.semconv.internal.dialect.Dialect;
import dev.tallyspan.semconv.internal.dialect.Draft;
import dev.tallyspan.semconv.internal.dialect.IndexedSpan;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.read.Alias.Inclusion;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;

/** Reads the attributes that a {@link CustomDialect} defines. */
final class CustomDialectReader implements Dialect {

  /** Stronger than the rank of any dialect, which starts at 0. */
  private static final int OVERRIDING = -1;

  private final CustomDialect dialect;

  CustomDialectReader(CustomDialect dialect) {
    this.dialect = dialect;
  }

  @Override
  public String id() {
    return dialect.id();
  }

  @Override
  public List<String> markers() {
    return dialect.marks();
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    for (String mark : dialect.marks()) {
      if (mark.endsWith(".") ? span.hasPrefix(mark) : span.has(mark)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean readsEverySpan() {
    return dialect.everywhere();
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    for (Alias alias : dialect.aliases()) {
      Json value = alias.isList() ? span.list(alias.key()) : span.get(alias.key());
      if (!value.isPresent()) {
        continue;
      }
      Slot<?> slot = alias.slot();
      if (slot == null) {
        out.reportedCost(value, alias.currency() == null ? "USD" : alias.currency(), alias.key());
      } else {
        offer(alias, slot, value, span, out);
      }
    }
    if (out.isRecognised(id())) {
      dialect.constants().forEach((slot, value) -> out.infer(slot, value, "constant"));
    }
  }

  private static void offer(Alias alias, Slot<?> slot, Json value, IndexedSpan span, Draft out) {
    if (out.offerAlias(slot, value, alias.key(), alias.overrides() ? OVERRIDING : null)) {
      if (alias.isList()) {
        span.listKeys(alias.key()).forEach(out::consumed);
      } else {
        out.consumed(alias.key());
      }
    }
    if (alias.inclusion() == null || !out.isFrom(slot, alias.key())) {
      return; // the count came from another key, whose dialect knows what it includes
    }
    boolean inclusive = alias.inclusion() == Inclusion.INCLUSIVE;
    if (slot == Slot.INPUT_TOKENS) {
      out.semantics(inclusive ? Semantics.PRESUMED_INCLUSIVE : Semantics.PRESUMED_EXCLUSIVE);
    } else {
      out.reasoningBeside(!inclusive);
    }
  }
}
