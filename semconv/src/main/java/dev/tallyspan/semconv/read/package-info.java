/**
 * Reads spans of every dialect into facts, writes facts as attributes of the GenAI conventions, and
 * checks spans against these.
 */
@NullMarked
package dev.tallyspan.semconv.read;

import org.jspecify.annotations.NullMarked;
