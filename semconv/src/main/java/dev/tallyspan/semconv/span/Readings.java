package dev.tallyspan.semconv.span;

import dev.tallyspan.semconv.KeyClass;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The reading of each slot. Not thread-safe while it is modified. */
public final class Readings {

  private final @Nullable Reading<?>[] bySlot;

  /** Creates readings with all slots empty. */
  public Readings() {
    bySlot = new Reading<?>[Slot.all().size()];
  }

  /**
   * Creates a copy.
   *
   * @param others the readings to copy
   */
  public Readings(Readings others) {
    bySlot = others.bySlot.clone();
  }

  /**
   * {@return the slot's value and its source; null if the slot is empty}
   *
   * @param <T> the type of the value
   * @param slot the slot
   */
  @SuppressWarnings("unchecked") // put() takes a reading of the slot's own type
  public <T> @Nullable Reading<T> get(Slot<T> slot) {
    return (Reading<T>) bySlot[slot.ordinal()];
  }

  /**
   * {@return the slot's value; null if the slot is empty}
   *
   * @param <T> the type of the value
   * @param slot the slot
   */
  public <T> @Nullable T value(Slot<T> slot) {
    Reading<T> reading = get(slot);
    return reading == null ? null : reading.value();
  }

  /**
   * {@return whether the slot has a reading}
   *
   * @param slot the slot
   */
  public boolean has(Slot<?> slot) {
    return bySlot[slot.ordinal()] != null;
  }

  /**
   * Sets the reading of a slot, replacing what it was.
   *
   * @param <T> the type of the value
   * @param slot the slot
   * @param reading the reading
   */
  public <T> void put(Slot<T> slot, Reading<T> reading) {
    bySlot[slot.ordinal()] = reading;
  }

  /** Puts a reading of the same slot of another span. */
  void copy(Slot<?> slot, Reading<?> reading) {
    bySlot[slot.ordinal()] = reading;
  }

  /**
   * Removes the reading of a slot, if there is one.
   *
   * @param slot the slot
   */
  public void remove(Slot<?> slot) {
    bySlot[slot.ordinal()] = null;
  }

  /** Removes what people, models and tools said: the slots of {@link KeyClass#CONTENT}. */
  public void removeContent() {
    for (Slot<?> slot : Slot.CONTENTS) {
      remove(slot);
    }
  }

  /** Returns whether a slot with content has a reading. */
  boolean hasContent() {
    for (Slot<?> slot : Slot.CONTENTS) {
      if (has(slot)) {
        return true;
      }
    }
    return false;
  }

  List<SlotReading> toSlotReadings(Predicate<Slot<?>> wanted) {
    List<SlotReading> all = new ArrayList<>();
    forEach(
        (slot, reading) -> {
          if (wanted.test(slot)) {
            all.add(reading.toSlotReading(slot));
          }
        });
    return all;
  }

  /**
   * Passes each slot that is not empty to the consumer, in the order of {@link Slot#all}.
   *
   * @param readings what was read
   */
  public void forEach(BiConsumer<Slot<?>, Reading<?>> readings) {
    for (Slot<?> slot : Slot.all()) {
      Reading<?> reading = bySlot[slot.ordinal()];
      if (reading != null) {
        readings.accept(slot, reading);
      }
    }
  }
}
