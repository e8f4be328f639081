/** Reports on the prices in use: the age of a catalog, and the models that it has no price for. */
@NullMarked
package dev.tallyspan.collector.price;

import org.jspecify.annotations.NullMarked;
