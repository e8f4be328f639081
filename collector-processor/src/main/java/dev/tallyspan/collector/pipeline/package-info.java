/** The way of a request through the collector: from its receiver by processors to exporters. */
package dev.tallyspan.collector.pipeline;
