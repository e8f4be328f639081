/**
 * JSON and structured values as one tree. Internal: for use in this library only, may change at any
 * time.
 */
@NullMarked
package dev.tallyspan.semconv.internal.json;

import org.jspecify.annotations.NullMarked;
