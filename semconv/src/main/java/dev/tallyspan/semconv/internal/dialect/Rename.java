package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.Coercion;
import dev.tallyspan.semconv.span.Slot;

/**
 * A row of a dialect's table: this attribute fills this slot.
 *
 * @param key the whole attribute key
 * @param slot the slot it fills, unless a stronger row or dialect has filled it
 * @param coercion how the value is read
 * @param <T> what the slot holds
 */
public record Rename<T>(String key, Slot<T> slot, Coercion<T> coercion) {

  static <T> Rename<T> of(String key, Slot<T> slot) {
    return new Rename<>(key, slot, SlotCoercions.of(slot));
  }

  static <T> Rename<T> of(String key, Slot<T> slot, Coercion<T> coercion) {
    return new Rename<>(key, slot, coercion);
  }

  /** Offers the attribute's value. Returns whether the slot now has this value. */
  public boolean offer(Json value, Draft out) {
    return out.offer(slot, value, coercion, key);
  }
}
