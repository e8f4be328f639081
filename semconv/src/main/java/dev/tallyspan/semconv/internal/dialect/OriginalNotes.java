package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.span.Original;
import dev.tallyspan.semconv.span.Readings;
import dev.tallyspan.semconv.span.Slot;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Notes the originals of one span while its dialects are read. */
final class OriginalNotes {

  private final Map<String, Original> offers = new LinkedHashMap<>();
  private final Map<String, Map<Slot<?>, Original>> consumed = new LinkedHashMap<>();
  private @Nullable Original last;

  /** Notes the value of this key, or of the keys that start with it. */
  void offered(String key, Slot<?> slot, Object value, String dialect) {
    last = new Original(key, slot, value, dialect);
    offers.put(key, last);
  }

  /**
   * The offer for this key contained its complete content: the offer for its list, or the last
   * offer if it has no list.
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
      consumed(new Original(key, offer.slot(), offer.value(), offer.dialect()));
    }
  }

  void consumed(Original original) {
    consumed
        .computeIfAbsent(original.key(), any -> new LinkedHashMap<>())
        .put(original.slot(), original);
  }

  /**
   * Removes the keys whose value differs from the value of their slot.
   *
   * @param keyClass the class of the originals; null = all classes
   */
  void keepWhatAgrees(Readings readings, @Nullable KeyClass keyClass) {
    consumed
        .values()
        .removeIf(
            originals ->
                originals.entrySet().stream()
                    .anyMatch(
                        o ->
                            (keyClass == null || o.getValue().keyClass() == keyClass)
                                && !o.getValue().value().equals(readings.value(o.getKey()))));
  }

  /** The originals by key; a key that filled several slots has several. */
  Map<String, Collection<Original>> byKey() {
    Map<String, Collection<Original>> byKey = new LinkedHashMap<>();
    consumed.forEach((key, originals) -> byKey.put(key, originals.values()));
    return byKey;
  }
}
