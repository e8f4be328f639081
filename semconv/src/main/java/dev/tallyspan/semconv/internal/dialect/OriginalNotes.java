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

  /** This key, or the keys that begin with it, said this. */
  void offered(String key, Slot<?> slot, Object value, String dialect) {
    last = new Original(key, slot, value, dialect);
    offers.put(key, last);
  }

  /** All that this key says was in what was offered of it: of its list, or last, if it has none. */
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
   * Forgets the keys that say something else than what their slots now hold.
   *
   * @param keyClass of which originals; null for those of every class
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

  /** By key; a key that filled several slots has all of them. */
  Map<String, Collection<Original>> byKey() {
    Map<String, Collection<Original>> byKey = new LinkedHashMap<>();
    consumed.forEach((key, originals) -> byKey.put(key, originals.values()));
    return byKey;
  }
}
