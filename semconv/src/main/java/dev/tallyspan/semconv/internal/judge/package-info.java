/**
 * What can be concluded about a span once all its dialects have been read: what its counts mean,
 * and whether it is billed. Internal: only for use inside this library, may change at any time.
 */
@NullMarked
package dev.tallyspan.semconv.internal.judge;

import org.jspecify.annotations.NullMarked;
