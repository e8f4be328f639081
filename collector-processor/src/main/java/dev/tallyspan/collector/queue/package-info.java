/**
 * What stands between receivers and pipelines when a sender is acknowledged before the backends
 * have accepted: the requests wait in a log, and each output takes them from there at its own pace.
 */
@NullMarked
package dev.tallyspan.collector.queue;

import org.jspecify.annotations.NullMarked;
