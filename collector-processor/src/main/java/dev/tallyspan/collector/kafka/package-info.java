/**
 * What the exporter and the receiver {@code kafka} have in common: how brokers are reached, and how
 * requests are written to topics.
 */
@NullMarked
package dev.tallyspan.collector.kafka;

import org.jspecify.annotations.NullMarked;
