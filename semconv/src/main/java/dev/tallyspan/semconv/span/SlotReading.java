package dev.tallyspan.semconv.span;

/**
 * The value of a slot and how it was found, for diagnostics.
 *
 * @param slot the slot's label: {@code request_model}
 * @param value the value; may contain prompts and answers, so never log it
 * @param sourceKey the attribute or event that contains it; empty if it was inferred
 * @param dialect the dialect that read it
 * @param rule how it was found: {@code rename}, {@code text as number}, …
 */
public record SlotReading(
    String slot, String value, String sourceKey, String dialect, String rule) {}
