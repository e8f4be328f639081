/** The way of a request through the collector: from its receiver by processors to outputs. */
package dev.tallyspan.collector.pipeline;
