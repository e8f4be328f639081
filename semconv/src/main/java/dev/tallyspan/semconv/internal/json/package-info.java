/**
 * JSON and structured values as one tree. Internal: only for use inside this library, may change at
 * any time.
 */
@NullMarked
package dev.tallyspan.semconv.internal.json;

import org.jspecify.annotations.NullMarked;
