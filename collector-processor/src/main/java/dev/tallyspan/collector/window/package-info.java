/**
 * Whole traces: decides which span bills each call, sums costs over the spans of a trace, and holds
 * the spans of a trace until that can be decided.
 */
@NullMarked
package dev.tallyspan.collector.window;

import org.jspecify.annotations.NullMarked;
