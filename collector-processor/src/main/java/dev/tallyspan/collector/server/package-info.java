/** Builds the collector from its configuration: receivers, pipelines and exporters. */
@NullMarked
package dev.tallyspan.collector.server;

import org.jspecify.annotations.NullMarked;
