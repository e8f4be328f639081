/**
 * Traces the Google Gen AI SDK for Java: content generation and embeddings, by the Gemini Developer
 * API or Vertex AI, become spans of the GenAI conventions. Start with {@link
 * dev.tallyspan.googlegenai.TallyspanGoogleGenAi}.
 */
@NullMarked
package dev.tallyspan.googlegenai;

import org.jspecify.annotations.NullMarked;
