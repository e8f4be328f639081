package dev.tallyspan.semconv.read;

import dev.tallyspan.semconv.ConventionVersion;
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
 * An attribute key of your own, and what it means.
 *
 * @param key the complete key of the attribute; if it ends with a dot, the prefix of the keys of a
 *     flattened list ({@code acme.messages.} for {@code acme.messages.0.role})
 * @param target what the attribute means: one of {@link #targets()}
 * @param inclusion for input tokens, whether the count includes the cache tokens; for output
 *     tokens, whether it includes the reasoning tokens; null = not stated
 * @param overrides whether the alias takes precedence over the attribute of the conventions
 * @param currency the currency of a cost, ISO 4217, unless the value contains it, as in {@code
 *     0.002EUR}; null = USD
 */
public record Alias(
    String key,
    String target,
    @Nullable Inclusion inclusion,
    boolean overrides,
    @Nullable String currency) {

  /** Whether a count includes its parts. */
  public enum Inclusion {
    /** The count includes the parts, as defined by the conventions. */
    INCLUSIVE,
    /** The parts are counted separately. */
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

  /** By the name of the attribute in either generation, and by the label in readings. */
  private static final Map<String, Slot<?>> SLOTS = slots();

  /**
   * Checks the alias, so that a mistake in it is found when it is created.
   *
   * @param inclusion what the count includes; null if it does not matter
   * @param overrides whether it takes precedence over what dialects read
   * @param currency an ISO 4217 code
   * @param key the attribute to read
   * @param target the name of the slot to fill
   * @throws IllegalArgumentException if the target does not exist, the key is empty or Tallyspan's
   *     own, the inclusion is set for a target other than input or output tokens, the currency is
   *     set for a target other than the cost or is not three capital letters, or a cost overrides
   */
  public Alias {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(target, "target");
    if (key.isEmpty() || key.equals(".") || key.startsWith("tallyspan.")) {
      throw new IllegalArgumentException("key=" + key + ": must be an attribute of your own");
    }
    if (!targets().contains(target)) {
      throw new IllegalArgumentException("target=" + target + " is not supported");
    }
    Slot<?> slot = SLOTS.get(target);
    if (inclusion != null && slot != Slot.INPUT_TOKENS && slot != Slot.OUTPUT_TOKENS) {
      throw new IllegalArgumentException(
          "inclusion of " + target + ": only input and output tokens have parts");
    }
    if (currency != null && slot != null) {
      throw new IllegalArgumentException("currency of " + target + ": it is not a cost");
    }
    if (currency != null && !currency.matches("[A-Z]{3}")) {
      throw new IllegalArgumentException("currency=" + currency + " is not as in EUR");
    }
    if (overrides && slot == null) {
      throw new IllegalArgumentException(
          "overrides: not supported for costs; the strongest source is used");
    }
  }

  /**
   * Creates an alias that does not override, without inclusion and currency.
   *
   * @param key the attribute to read
   * @param target the name of the slot to fill
   * @return the alias
   */
  public static Alias of(String key, String target) {
    return new Alias(key, target, /* inclusion= */ null, /* overrides= */ false, null);
  }

  /**
   * {@return the possible targets: the attributes of the conventions that are read, such as {@code
   * gen_ai.request.model}; the labels of {@linkplain SlotReading readings} that have no attribute,
   * such as {@code total_tokens}; and {@code gen_ai.usage.cost}}
   */
  public static Set<String> targets() {
    return SLOTS.keySet();
  }

  /** {@return whether only LLM spans have the target} */
  public boolean tellsLlmSpan() {
    Slot<?> slot = slot();
    return slot != null && (OF_LLM_SPANS.contains(slot) || slot.keyClass() == KeyClass.USAGE);
  }

  /** The slot of the target; null if the target is the cost. */
  @Nullable Slot<?> slot() {
    return SLOTS.get(target);
  }

  /** Whether the key is a prefix of keys. */
  boolean isList() {
    return key.endsWith(".");
  }

  static @Nullable Slot<?> slot(String target) {
    return SLOTS.get(target);
  }

  private static Map<String, Slot<?>> slots() {
    Map<String, Slot<?>> slots = new LinkedHashMap<>();
    for (Slot<?> slot : Slot.all()) {
      for (ConventionVersion generation :
          List.of(ConventionVersion.GENAI_DEV, ConventionVersion.CORE_1_41)) {
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
