/**
 * Counts the tokens of calls without usage. Requires {@code com.knuddels:jtokkit}, which is
 * optional; the tokenizers are loaded when they are first needed.
 */
@NullMarked
package dev.tallyspan.enrichment.estimate;

import org.jspecify.annotations.NullMarked;
