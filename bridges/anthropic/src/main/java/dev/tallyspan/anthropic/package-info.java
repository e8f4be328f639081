/**
 * Traces Anthropic's Java library: messages become spans of the GenAI conventions. Start with
 * {@link dev.tallyspan.anthropic.TallyspanAnthropic}.
 */
@NullMarked
package dev.tallyspan.anthropic;

import org.jspecify.annotations.NullMarked;
