/**
 * Readers of messages, parts, tools and documents, and of the values of slots. Internal: for use in
 * this library only, may change at any time.
 */
@NullMarked
package dev.tallyspan.semconv.internal.message;

import org.jspecify.annotations.NullMarked;
