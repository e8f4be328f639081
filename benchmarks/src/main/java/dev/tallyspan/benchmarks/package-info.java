/** Loads to measure with, and measurements of single parts. */
package dev.tallyspan.benchmarks;
