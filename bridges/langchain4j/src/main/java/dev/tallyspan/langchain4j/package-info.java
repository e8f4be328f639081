/**
 * Traces LangChain4j: models, retrievers, AI services and agents become spans of the GenAI
 * conventions. Start with {@link dev.tallyspan.langchain4j.TallyspanLangChain4j}, {@link
 * dev.tallyspan.langchain4j.TallyspanAiServices} and {@link
 * dev.tallyspan.langchain4j.TallyspanAgentic}.
 *
 * <p>The three classes need {@code langchain4j-core}, {@code langchain4j} and {@code
 * langchain4j-agentic}, in this order; each works without the later ones.
 */
@NullMarked
package dev.tallyspan.langchain4j;

import org.jspecify.annotations.NullMarked;
