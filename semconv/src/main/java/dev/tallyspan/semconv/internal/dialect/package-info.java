/**
 * All dialects, and the draft that they write to. Internal: for use in this library only, may
 * change at any time.
 *
 * <p>To add a dialect, write a class that implements {@link
 * dev.tallyspan.semconv.internal.dialect.Dialect} and add it to {@link
 * dev.tallyspan.semconv.internal.dialect.Dialects}.
 */
@NullMarked
package dev.tallyspan.semconv.internal.dialect;

import org.jspecify.annotations.NullMarked;
