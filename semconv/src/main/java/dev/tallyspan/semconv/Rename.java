package dev.tallyspan.semconv;

/**
 * A row of a dialect's table: this attribute fills this slot.
 *
 * @param key the whole attribute key
 * @param slot the slot it fills, unless a stronger row or dialect has filled it
 * @param coercion how the value is read
 */
record Rename(String key, Slot slot, Coercion coercion) {

  static Rename of(String key, Slot slot) {
    return new Rename(key, slot, slot.coercion());
  }

  static Rename of(String key, Slot slot, Coercion coercion) {
    return new Rename(key, slot, coercion);
  }
}
