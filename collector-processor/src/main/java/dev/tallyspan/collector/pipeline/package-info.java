/** The way of a request through the collector: scan, understand, price, hand on. */
package dev.tallyspan.collector.pipeline;
