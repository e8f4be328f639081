/**
 * Traces OpenAI's Java library: chat completions, responses and embeddings become spans of the
 * GenAI conventions. Start with {@link dev.tallyspan.openai.TallyspanOpenAi}.
 */
@NullMarked
package dev.tallyspan.openai;

import org.jspecify.annotations.NullMarked;
