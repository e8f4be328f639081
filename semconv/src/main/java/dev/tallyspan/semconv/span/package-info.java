/**
 * What one span says about an LLM, in no dialect: {@link dev.tallyspan.semconv.span.LlmSpan}, its
 * slots, and where everything was found.
 */
package dev.tallyspan.semconv.span;
