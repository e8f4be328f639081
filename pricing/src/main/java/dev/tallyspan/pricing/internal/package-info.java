/** JSON with line numbers. Internal: only for use inside this library, may change at any time. */
@NullMarked
package dev.tallyspan.pricing.internal;

import org.jspecify.annotations.NullMarked;
