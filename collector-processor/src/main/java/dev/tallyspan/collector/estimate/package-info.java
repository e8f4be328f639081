/**
 * Counts the tokens of calls whose usage nobody reported. Off unless it is asked for; the
 * tokenizers are loaded when they are first needed.
 */
package dev.tallyspan.collector.estimate;
