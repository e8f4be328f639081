package dev.tallyspan.semconv.span;

import dev.tallyspan.semconv.KeyClass;
import org.jspecify.annotations.Nullable;

/**
 * An attribute that was read into a slot.
 *
 * @param key the key of the attribute
 * @param slot the slot; null for the reported cost
 * @param value the value that it gave for the slot
 * @param dialect the dialect that read it; empty for a cost whose key belongs to no dialect
 */
public record Original(String key, @Nullable Slot<?> slot, Object value, String dialect) {

  /** {@return what the attribute is about} */
  public KeyClass keyClass() {
    return slot == null ? KeyClass.COST : slot.keyClass();
  }
}
