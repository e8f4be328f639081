/**
 * What of the content of LLM spans may leave: messages, tool arguments and results, documents and
 * whatever else people and models said.
 *
 * <p>A {@link dev.tallyspan.semconv.content.ContentPolicy} is applied to the attributes of spans,
 * events and log records, or to messages and texts before they are written.
 *
 * <pre>{@code
 * ContentPolicy policy = ContentPolicy.builder().mode(ContentMode.REDACTED).build();
 * PolicyReport report = policy.apply(span.attributes(), edits);
 * }</pre>
 */
@NullMarked
package dev.tallyspan.semconv.content;

import org.jspecify.annotations.NullMarked;
