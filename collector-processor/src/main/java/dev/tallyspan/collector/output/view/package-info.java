/**
 * Shows traces in a terminal: keeps recent spans in memory, builds trees from them and prints them
 * with their tokens and cost.
 */
@NullMarked
package dev.tallyspan.collector.output.view;

import org.jspecify.annotations.NullMarked;
