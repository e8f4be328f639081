/**
 * Loads for whole servers: at half of what one can do, at twice as much, and beside another server.
 * See docs/benchmarks.md.
 */
package dev.tallyspan.benchmarks.endurance;
