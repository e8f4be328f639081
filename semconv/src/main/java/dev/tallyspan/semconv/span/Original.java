package dev.tallyspan.semconv.span;

import dev.tallyspan.semconv.KeyClass;
import org.jspecify.annotations.Nullable;

/**
 * An attribute whose content went into a slot.
 *
 * @param key the attribute
 * @param slot what it filled; null for the reported cost
 * @param value what it said of the slot
 * @param dialect the dialect that read it; empty for a cost whose key is nobody's own
 */
public record Original(String key, @Nullable Slot<?> slot, Object value, String dialect) {

  /** What the attribute is about. */
  public KeyClass keyClass() {
    return slot == null ? KeyClass.COST : slot.keyClass();
  }
}
