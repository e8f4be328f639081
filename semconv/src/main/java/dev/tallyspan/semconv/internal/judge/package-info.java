/**
 * Conclusions about a span after all its dialects are read: what its counts mean, and whether it is
 * billed. Internal: for use in this library only, may change at any time.
 */
@NullMarked
package dev.tallyspan.semconv.internal.judge;

import org.jspecify.annotations.NullMarked;
