/**
 * Receives requests from topics of Kafka. An offset is committed when everything before it has been
 * settled, so a consumer that is killed loses nothing.
 */
@NullMarked
package dev.tallyspan.collector.receiver.kafka;

import org.jspecify.annotations.NullMarked;
