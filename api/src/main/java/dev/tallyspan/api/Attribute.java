package dev.tallyspan.api;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes facts under the names and types that a generation of the conventions defines. */
final class Attribute {

  private Attribute() {}

  /**
   * Writes a value. Null, an empty text and an empty list are ignored, and so are facts that the
   * generation has no name for.
   *
   * @param span the span to write to as well; null before it has started
   */
  static void put(
      Slot<?> slot,
      @Nullable Object value,
      ConventionVersion generation,
      Facts facts,
      @Nullable Span span) {
    String key = slot.key(generation);
    if (key == null || value == null) {
      return;
    }
    if (slot == Slot.TOP_K
        && generation == ConventionVersion.CORE_1_41
        && value instanceof Long topK) {
      put(AttributeKey.doubleKey(key), (double) topK, facts, span);
    } else if (value instanceof String text && !text.isEmpty()) {
      put(AttributeKey.stringKey(key), text, facts, span);
    } else if (value instanceof Long whole) {
      put(AttributeKey.longKey(key), whole, facts, span);
    } else if (value instanceof Double fraction) {
      put(AttributeKey.doubleKey(key), fraction, facts, span);
    } else if (value instanceof Boolean flag) {
      put(AttributeKey.booleanKey(key), flag, facts, span);
    } else if (value instanceof List<?> list) {
      List<String> texts = list.stream().filter(Objects::nonNull).map(String::valueOf).toList();
      if (!texts.isEmpty()) {
        put(AttributeKey.stringArrayKey(key), texts, facts, span);
      }
    }
  }

  private static <T> void put(AttributeKey<T> key, T value, Facts facts, @Nullable Span span) {
    if (span == null) {
      facts.put(key, value);
    } else {
      facts.put(key, value, span);
    }
  }
}
