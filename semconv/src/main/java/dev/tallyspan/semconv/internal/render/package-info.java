/**
 * Writes what was read as attributes of one generation of the conventions, and takes originals off
 * a span. Internal: only for use inside this library, may change at any time.
 */
@NullMarked
package dev.tallyspan.semconv.internal.render;

import org.jspecify.annotations.NullMarked;
