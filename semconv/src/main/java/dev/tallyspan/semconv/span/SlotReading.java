package dev.tallyspan.semconv.span;

/**
 * How one thing about a span was found, for people who want to know why.
 *
 * @param slot what was found: {@code request_model}
 * @param value what it is; may hold prompts and answers, so never to be logged
 * @param sourceKey the attribute or event that it came from; empty if it was inferred
 * @param dialect the dialect that read it
 * @param rule how: {@code rename}, {@code text as number}, …
 */
public record SlotReading(
    String slot, String value, String sourceKey, String dialect, String rule) {}
