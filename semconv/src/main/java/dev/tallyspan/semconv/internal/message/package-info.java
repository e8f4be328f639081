/**
 * Readers of messages, parts, tools and documents, and how values of slots are read. Internal: only
 * for use inside this library, may change at any time.
 */
@NullMarked
package dev.tallyspan.semconv.internal.message;

import org.jspecify.annotations.NullMarked;
