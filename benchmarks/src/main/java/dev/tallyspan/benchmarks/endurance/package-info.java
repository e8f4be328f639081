/**
 * Loads that last: a server at half of what it can do, and at twice as much. See
 * docs/benchmarks.md.
 */
package dev.tallyspan.benchmarks.endurance;
