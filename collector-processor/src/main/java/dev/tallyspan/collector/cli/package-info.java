/** The commands of the executable. */
@NullMarked
package dev.tallyspan.collector.cli;

import org.jspecify.annotations.NullMarked;
