/**
 * The facts that a span contains about an LLM operation, independent of any dialect: {@link
 * dev.tallyspan.semconv.span.LlmSpan}, its slots, and the source of each value.
 */
@NullMarked
package dev.tallyspan.semconv.span;

import org.jspecify.annotations.NullMarked;
