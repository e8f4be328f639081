package dev.tallyspan.semconv.read;

import dev.tallyspan.semconv.Generation;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.span.Slot;
import dev.tallyspan.semconv.span.SlotReading;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One's own attribute key, and what it says.
 *
 * @param key the attribute's whole key; if it ends with a dot, the beginning of the keys that a
 *     list was taken apart under ({@code acme.messages.} of {@code acme.messages.0.role})
 * @param target what it says: one of {@link #targets()}
 * @param inclusion of a count of input tokens, whether it holds the cache tokens; of one of output
 *     tokens, whether it holds the reasoning tokens; null if that is not said
 * @param overrides whether it counts for more than what the span says under the conventions' name
 * @param currency of a cost, ISO 4217, unless the value says it, as in {@code 0.002EUR}; null for
 *     USD
 */
public record Alias(
    String key,
    String target,
    @Nullable Inclusion inclusion,
    boolean overrides,
    @Nullable String currency) {

  /** Whether a count holds its parts. */
  public enum Inclusion {
    /** The parts are in it, as the conventions have it. */
    INCLUSIVE,
    /** The parts are counted beside it. */
    EXCLUSIVE
  }

  static final String COST = "gen_ai.usage.cost";

  private static final Set<Slot<?>> OF_LLM_SPANS =
      Set.of(
          Slot.OPERATION,
          Slot.PROVIDER,
          Slot.REQUEST_MODEL,
          Slot.RESPONSE_MODEL,
          Slot.INPUT_MESSAGES,
          Slot.OUTPUT_MESSAGES);

  /** By the name of an attribute in either generation, and by the name that readings have. */
  private static final Map<String, Slot<?>> SLOTS = slots();

  /**
   * @throws IllegalArgumentException if the target does not exist, the key is none or Tallyspan's
   *     own, an inclusion is said of what has none, or a currency of what is no cost
   */
  public Alias {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(target, "target");
    if (key.isEmpty() || key.equals(".") || key.startsWith("tallyspan.")) {
      throw new IllegalArgumentException("key=" + key + ": must be an attribute of your own");
    }
    if (!targets().contains(target)) {
      throw new IllegalArgumentException("target=" + target + " is nothing that a span says");
    }
    Slot<?> slot = SLOTS.get(target);
    if (inclusion != null && slot != Slot.INPUT_TOKENS && slot != Slot.OUTPUT_TOKENS) {
      throw new IllegalArgumentException(
          "inclusion of " + target + ": only input and output tokens have parts");
    }
    if (currency != null && slot != null) {
      throw new IllegalArgumentException("currency of " + target + ": it is no cost");
    }
    if (currency != null && !currency.matches("[A-Z]{3}")) {
      throw new IllegalArgumentException("currency=" + currency + " is not as in EUR");
    }
    if (overrides && slot == null) {
      throw new IllegalArgumentException("overrides: a cost is taken from the strongest source");
    }
  }

  /** An alias that fills a gap, and says nothing of parts. */
  public static Alias of(String key, String target) {
    return new Alias(key, target, /* inclusion= */ null, /* overrides= */ false, null);
  }

  /**
   * What an alias may stand for: the conventions' attributes that are read, as {@code
   * gen_ai.request.model}, what has no attribute by its name in {@link SlotReading}, as {@code
   * total_tokens}, and {@code gen_ai.usage.cost}.
   */
  public static Set<String> targets() {
    return SLOTS.keySet();
  }

  /** Whether the target is what only a span about an LLM has. */
  public boolean tellsLlmSpan() {
    Slot<?> slot = slot();
    return slot != null && (OF_LLM_SPANS.contains(slot) || slot.keyClass() == KeyClass.USAGE);
  }

  /** What it fills; null if it is a cost. */
  @Nullable Slot<?> slot() {
    return SLOTS.get(target);
  }

  /** Whether it stands for the keys that begin with it. */
  boolean isList() {
    return key.endsWith(".");
  }

  static @Nullable Slot<?> slot(String target) {
    return SLOTS.get(target);
  }

  private static Map<String, Slot<?>> slots() {
    Map<String, Slot<?>> slots = new LinkedHashMap<>();
    for (Slot<?> slot : Slot.all()) {
      for (Generation generation : List.of(Generation.GENAI_DEV, Generation.CORE_1_41)) {
        if (slot.key(generation) != null) {
          slots.put(slot.key(generation), slot);
        }
      }
    }
    slots.put(COST, null);
    for (Slot<?> slot : Slot.all()) {
      slots.putIfAbsent(slot.label(), slot);
    }
    return java.util.Collections.unmodifiableMap(slots);
  }
}
