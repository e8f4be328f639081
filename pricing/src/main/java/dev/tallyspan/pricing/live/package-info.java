/**
 * Keeps catalogs and contracts up to date: reads them from a file or URL, verifies each new
 * version, and replaces the one in force.
 */
@NullMarked
package dev.tallyspan.pricing.live;

import org.jspecify.annotations.NullMarked;
