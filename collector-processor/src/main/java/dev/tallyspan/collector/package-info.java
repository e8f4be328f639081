/** The executable: an OTLP server between applications and backends, and its commands. */
package dev.tallyspan.collector;
