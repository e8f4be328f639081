/**
 * Reads spans of every dialect, writes what was read as attributes of the GenAI conventions, and
 * checks spans against the conventions.
 */
@NullMarked
package dev.tallyspan.semconv.read;

import org.jspecify.annotations.NullMarked;
