/**
 * Counts the tokens of calls without reported usage. Off by default; the tokenizers are loaded on
 * first use.
 */
@NullMarked
package dev.tallyspan.collector.estimate;

import org.jspecify.annotations.NullMarked;
