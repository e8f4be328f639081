package dev.tallyspan.semconv;

import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * An attribute whose content went into a slot.
 *
 * @param key the attribute
 * @param slot what it filled; null for the reported cost
 * @param value what it said of the slot
 * @param dialect the dialect that read it; empty for a cost whose key is nobody's own
 */
record Original(String key, Slot slot, Object value, String dialect) {

  static Original ofCost(ReportedCost cost, String dialect) {
    return new Original(cost.sourceKey(), /* slot= */ null, cost, dialect);
  }

  KeyClass keyClass() {
    return slot == null ? KeyClass.COST : KeyClass.of(slot);
  }

  /** Which originals may go. */
  static final class Policy {

    private final Set<KeyClass> dropped;
    private final Map<String, Set<KeyClass>> droppedOf;

    /**
     * @param dropped of dialects that have no rule of their own
     * @param droppedOf by dialect
     */
    Policy(Set<KeyClass> dropped, Map<String, Set<KeyClass>> droppedOf) {
      this.dropped = Set.copyOf(dropped);
      this.droppedOf = Map.copyOf(droppedOf);
    }

    boolean keepsAll() {
      return dropped.isEmpty() && droppedOf.values().stream().allMatch(Set::isEmpty);
    }

    boolean drops(String dialect, KeyClass keyClass) {
      return droppedOf.getOrDefault(dialect, dropped).contains(keyClass);
    }
  }

  /** Notes the originals of one span while its dialects are read. */
  static final class Notes {

    private final Map<String, Original> offers = new LinkedHashMap<>();
    private final Map<String, Map<Slot, Original>> consumed = new LinkedHashMap<>();
    private Original last;

    /** This key, or the keys that begin with it, said this. */
    void offered(String key, Slot slot, Object value, String dialect) {
      last = new Original(key, slot, value, dialect);
      offers.put(key, last);
    }

    /**
     * All that this key says was in what was offered of it: of its list, or last, if it has none.
     */
    void consumed(String key) {
      Original offer = offers.get(key);
      for (int dot = key.lastIndexOf('.');
          offer == null && dot >= 0;
          dot = key.lastIndexOf('.', dot - 1)) {
        offer = offers.get(key.substring(0, dot + 1));
      }
      offer = offer == null ? last : offer;
      if (offer != null) {
        consumed(new Original(key, offer.slot, offer.value, offer.dialect));
      }
    }

    void consumed(Original original) {
      consumed
          .computeIfAbsent(original.key, any -> new EnumMap<>(Slot.class))
          .put(original.slot, original);
    }

    /** Forgets the keys that say something else than what their slots now hold. */
    void keepWhatAgrees(LlmSpan.Builder span, KeyClass keyClass) {
      consumed
          .values()
          .removeIf(
              originals ->
                  originals.values().stream()
                      .anyMatch(
                          o ->
                              (keyClass == null || o.keyClass() == keyClass)
                                  && !o.value.equals(span.get(o.slot))));
    }

    /** By key; a key that filled several slots has all of them. */
    Map<String, Collection<Original>> byKey() {
      Map<String, Collection<Original>> byKey = new LinkedHashMap<>();
      consumed.forEach((key, originals) -> byKey.put(key, originals.values()));
      return byKey;
    }
  }
}
