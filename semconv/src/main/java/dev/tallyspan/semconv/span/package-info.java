/**
 * What one span says about an LLM, in no dialect: {@link dev.tallyspan.semconv.span.LlmSpan}, its
 * slots, and where everything was found.
 */
@NullMarked
package dev.tallyspan.semconv.span;

import org.jspecify.annotations.NullMarked;
