package dev.tallyspan.collector.pipeline;

import dev.tallyspan.collector.wire.Slices;

/**
 * A request after a step.
 *
 * @param body what is to be forwarded
 * @param items spans, log records or data points in it
 */
public record Processed(Slices body, int items) {}
