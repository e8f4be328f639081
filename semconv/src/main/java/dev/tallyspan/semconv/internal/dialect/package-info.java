/**
 * Every dialect, and the draft that they write into. Internal: only for use inside this library,
 * may change at any time.
 *
 * <p>A new dialect is a class that implements {@link
 * dev.tallyspan.semconv.internal.dialect.Dialect} and a row in {@link
 * dev.tallyspan.semconv.internal.dialect.Dialects}.
 */
@NullMarked
package dev.tallyspan.semconv.internal.dialect;

import org.jspecify.annotations.NullMarked;
