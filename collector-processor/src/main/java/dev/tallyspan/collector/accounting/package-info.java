/**
 * What counts of a batch, for consumers that add up: each billed call once, whatever senders and
 * queues repeat.
 */
@NullMarked
package dev.tallyspan.collector.accounting;

import org.jspecify.annotations.NullMarked;
