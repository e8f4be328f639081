/** Leaves out traces, but none that a rule keeps. */
@NullMarked
package dev.tallyspan.collector.sampling;

import org.jspecify.annotations.NullMarked;
