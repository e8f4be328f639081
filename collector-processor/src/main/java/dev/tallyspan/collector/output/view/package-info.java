/**
 * Shows traces to a person at a terminal: keeps recent spans in memory, puts them together as trees
 * and prints them with their tokens and cost. Knows neither wire formats nor transport.
 */
package dev.tallyspan.collector.output.view;
