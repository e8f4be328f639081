package dev.tallyspan.collector.pipeline;

import dev.tallyspan.collector.wire.Slices;

/**
 * A request after a step.
 *
 * @param body what is to be forwarded
 * @param items spans, log records or data points in it
 * @param failed LLM spans that leave as they came because reading them failed
 */
public record Processed(Slices body, int items, int failed) {}
