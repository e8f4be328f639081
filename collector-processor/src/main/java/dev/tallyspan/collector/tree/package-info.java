/** Repairs the trees of traces for backends that cannot show them as they are. */
@NullMarked
package dev.tallyspan.collector.tree;

import org.jspecify.annotations.NullMarked;
