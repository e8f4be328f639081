/**
 * Writes what was read as attributes of one generation of the conventions, and removes original
 * attributes from spans. Internal: for use in this library only, may change at any time.
 */
@NullMarked
package dev.tallyspan.semconv.internal.render;

import org.jspecify.annotations.NullMarked;
