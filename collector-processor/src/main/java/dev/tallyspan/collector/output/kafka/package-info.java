/** Writes requests to topics of Kafka: a transport, over which exporters queue and retry. */
@NullMarked
package dev.tallyspan.collector.output.kafka;

import org.jspecify.annotations.NullMarked;
