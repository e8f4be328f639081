/** The commands of the executable. */
package dev.tallyspan.collector.cli;
