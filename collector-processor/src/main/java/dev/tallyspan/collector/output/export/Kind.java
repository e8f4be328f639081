package dev.tallyspan.collector.output.export;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.Locale;

/** What a span is, for backends that have their own word for it. */
public enum Kind {
  LLM,
  EMBEDDING,
  RETRIEVER,
  RERANKER,
  TOOL,
  AGENT,
  WORKFLOW,
  OTHER;

  /** The name in profiles. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Kind of(LlmSpan llm) {
    return switch (String.valueOf(llm.operation())) {
      case Operations.CHAT, Operations.TEXT_COMPLETION, "generate_content" -> LLM;
      case Operations.EMBEDDINGS -> EMBEDDING;
      case Operations.RETRIEVAL -> RETRIEVER;
      case Operations.RERANK -> RERANKER;
      case Operations.EXECUTE_TOOL -> TOOL;
      case Operations.INVOKE_AGENT, Operations.CREATE_AGENT -> AGENT;
      case Operations.INVOKE_WORKFLOW -> WORKFLOW;
      default -> llm.billing() == Billing.CALL && llm.usage() != null ? LLM : OTHER;
    };
  }
}
