package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;

/**
 * Spring AI's Micrometer observations, bridged to spans: every value is text, {@code none} stands
 * for no value, and lists are joined by hand. What each observation is stands in {@code
 * spring.ai.kind}; that of the model itself has no kind and no other attribute of Spring AI.
 */
final class SpringAiDialect implements Dialect {

  private static final String KIND = "spring.ai.kind";
  private static final String CONVERSATION = "spring.ai.chat.client.conversation.id";

  /** The id that Spring AI's chat memory uses if the application sets none. */
  private static final String NO_CONVERSATION = "default";

  private static final List<Rename<?>> RENAMES =
      List.of(
          Rename.of("spring.ai.chat.client.stream", Slot.STREAM),
          Rename.of("spring.ai.tool.definition.name", Slot.TOOL_NAME),
          Rename.of("spring.ai.tool.definition.description", Slot.TOOL_DESCRIPTION),
          Rename.of("spring.ai.tool.type", Slot.TOOL_TYPE),
          Rename.of("spring.ai.tool.call.id", Slot.TOOL_CALL_ID),
          Rename.of("spring.ai.tool.call.arguments", Slot.TOOL_CALL_ARGUMENTS),
          Rename.of("spring.ai.tool.call.result", Slot.TOOL_CALL_RESULT),
          Rename.of("gen_ai.request.embedding.dimensions", Slot.EMBEDDING_DIMENSIONS),
          Rename.of("db.vector.query.content", Slot.RETRIEVAL_QUERY),
          Rename.of("db.vector.query.top_k", Slot.RETRIEVAL_TOP_K),
          Rename.of("db.vector.query.response.documents", Slot.RETRIEVAL_DOCUMENTS));

  @Override
  public String id() {
    return "spring-ai";
  }

  @Override
  public CacheCounts cacheCounts() {
    return CacheCounts.COPIED;
  }

  @Override
  public List<String> markers() {
    return List.of("spring.ai.");
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    if (span.has(KIND) || span.hasPrefix("spring.ai.")) {
      return true;
    }
    return span.has("gen_ai.operation.name")
        && span.has("gen_ai.system")
        && !LangChain4jDialect.isMicrometer(span)
        && (isMicrometerScope(span) || hasCountsAsText(span));
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    String conversation = span.text(CONVERSATION);
    if (!NO_CONVERSATION.equals(conversation)) {
      out.offer(Slot.CONVERSATION_ID, conversation, CONVERSATION);
    }
    String kind = String.valueOf(span.text(KIND));
    switch (kind) {
      case "tool_call" -> out.offer(Slot.OPERATION, Operations.EXECUTE_TOOL, KIND);
      case "vector_store" -> {
        if ("query".equals(span.text("db.operation.name"))) {
          out.offer(Slot.OPERATION, Operations.RETRIEVAL, KIND);
        } else {
          out.withoutOperation();
        }
      }
      case "chat_client", "advisor" -> out.withoutOperation();
      default -> {}
    }
  }

  static boolean isMicrometerScope(IndexedSpan span) {
    return span.isScope("org.springframework")
        || span.isScope("io.micrometer")
        || span.isScope("micrometer");
  }

  private static boolean hasCountsAsText(IndexedSpan span) {
    return span.get("gen_ai.usage.input_tokens").isText()
        && span.get("gen_ai.usage.total_tokens").isText();
  }
}
