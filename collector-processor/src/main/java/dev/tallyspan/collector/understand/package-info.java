/** Lets {@code semconv} read and write spans that are bytes. */
package dev.tallyspan.collector.understand;
