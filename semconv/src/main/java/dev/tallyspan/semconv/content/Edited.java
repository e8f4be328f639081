package dev.tallyspan.semconv.content;

import org.jspecify.annotations.Nullable;

/**
 * A text, value or list of messages after a policy was applied.
 *
 * @param <T> what the policy was applied to
 * @param value what may leave; the same instance if nothing was changed; null if nothing may leave
 * @param report what was done
 */
public record Edited<T>(@Nullable T value, PolicyReport report) {}
