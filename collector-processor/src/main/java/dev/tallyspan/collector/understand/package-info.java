/** Lets {@code semconv} read and write spans and log records that are bytes. */
package dev.tallyspan.collector.understand;
