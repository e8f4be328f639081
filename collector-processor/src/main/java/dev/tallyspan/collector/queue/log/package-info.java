/** Logs that keep requests until they are delivered: on disk and in memory. */
@NullMarked
package dev.tallyspan.collector.queue.log;

import org.jspecify.annotations.NullMarked;
