package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.Coercion;
import dev.tallyspan.semconv.internal.message.Providers;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Vercel's AI SDK up to version 6, and its legacy integration in 7. A call of the SDK is a span
 * ({@code ai.generateText}) over one span for each call of a model ({@code
 * ai.generateText.doGenerate}); the outer one sums up the inner ones, so it is never billed. What
 * version 7 writes itself are the current conventions.
 */
final class VercelDialect implements Dialect {

  private static final String OPERATION_ID = "ai.operationId";
  private static final String METADATA = "ai.telemetry.metadata.";
  private static final String CONTEXT = "ai.settings.context.";

  private static final List<Rename<?>> RENAMES =
      List.of(
          Rename.of("ai.model.id", Slot.REQUEST_MODEL),
          Rename.of("ai.response.model", Slot.RESPONSE_MODEL),
          Rename.of("ai.response.id", Slot.RESPONSE_ID),
          Rename.of("ai.response.finishReason", Slot.FINISH_REASONS),
          Rename.of("ai.finishReason", Slot.FINISH_REASONS),
          Rename.of("ai.response.msToFirstChunk", Slot.TIME_TO_FIRST_CHUNK, Coercion.MILLIS),
          Rename.of("ai.stream.msToFirstChunk", Slot.TIME_TO_FIRST_CHUNK, Coercion.MILLIS),
          // requests
          Rename.of("ai.settings.temperature", Slot.TEMPERATURE),
          Rename.of("ai.settings.topP", Slot.TOP_P),
          Rename.of("ai.settings.topK", Slot.TOP_K),
          Rename.of("ai.settings.maxOutputTokens", Slot.MAX_TOKENS),
          Rename.of("ai.settings.maxTokens", Slot.MAX_TOKENS),
          Rename.of("ai.settings.frequencyPenalty", Slot.FREQUENCY_PENALTY),
          Rename.of("ai.settings.presencePenalty", Slot.PRESENCE_PENALTY),
          Rename.of("ai.settings.seed", Slot.SEED),
          Rename.of("ai.settings.stopSequences", Slot.STOP_SEQUENCES),
          // tokens
          Rename.of("ai.usage.inputTokens", Slot.INPUT_TOKENS),
          Rename.of("ai.usage.promptTokens", Slot.INPUT_TOKENS),
          Rename.of("ai.usage.tokens", Slot.INPUT_TOKENS),
          Rename.of("ai.usage.outputTokens", Slot.OUTPUT_TOKENS),
          Rename.of("ai.usage.completionTokens", Slot.OUTPUT_TOKENS),
          Rename.of("ai.usage.totalTokens", Slot.TOTAL_TOKENS),
          Rename.of("ai.usage.inputTokenDetails.noCacheTokens", Slot.UNCACHED_INPUT_TOKENS),
          Rename.of("ai.usage.inputTokenDetails.cacheReadTokens", Slot.CACHE_READ_TOKENS),
          Rename.of("ai.usage.cachedInputTokens", Slot.CACHE_READ_TOKENS),
          Rename.of("ai.usage.inputTokenDetails.cacheWriteTokens", Slot.CACHE_WRITE_TOKENS),
          Rename.of("ai.usage.outputTokenDetails.textTokens", Slot.TEXT_OUTPUT_TOKENS),
          Rename.of("ai.usage.outputTokenDetails.reasoningTokens", Slot.REASONING_TOKENS),
          Rename.of("ai.usage.reasoningTokens", Slot.REASONING_TOKENS),
          // content
          Rename.of("ai.prompt.messages", Slot.INPUT_MESSAGES),
          Rename.of("ai.prompt.tools", Slot.TOOL_DEFINITIONS),
          Rename.of("ai.toolCall.name", Slot.TOOL_NAME),
          Rename.of("ai.toolCall.id", Slot.TOOL_CALL_ID),
          Rename.of("ai.toolCall.args", Slot.TOOL_CALL_ARGUMENTS),
          Rename.of("ai.toolCall.input", Slot.TOOL_CALL_ARGUMENTS),
          Rename.of("ai.toolCall.result", Slot.TOOL_CALL_RESULT),
          Rename.of("ai.toolCall.output", Slot.TOOL_CALL_RESULT),
          // who: keys that the SDK leaves to the user, as tracing products teach them
          Rename.of(METADATA + "userId", Slot.USER_ID),
          Rename.of(METADATA + "user_id", Slot.USER_ID),
          Rename.of(METADATA + "sessionId", Slot.SESSION_ID),
          Rename.of(METADATA + "session_id", Slot.SESSION_ID),
          Rename.of(METADATA + "conversationId", Slot.CONVERSATION_ID),
          Rename.of(METADATA + "conversation_id", Slot.CONVERSATION_ID),
          Rename.of(METADATA + "threadId", Slot.CONVERSATION_ID),
          Rename.of(METADATA + "chatId", Slot.CONVERSATION_ID),
          Rename.of(METADATA + "tags", Slot.TAGS),
          Rename.of(CONTEXT + "userId", Slot.USER_ID),
          Rename.of(CONTEXT + "sessionId", Slot.SESSION_ID),
          Rename.of(CONTEXT + "conversationId", Slot.CONVERSATION_ID),
          Rename.of(CONTEXT + "threadId", Slot.CONVERSATION_ID));

  @Override
  public String id() {
    return "vercel-ai";
  }

  @Override
  public List<String> markers() {
    return List.of("ai.");
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    return span.hasAny(OPERATION_ID, "ai.model.id", "ai.toolCall.name", "ai.prompt.messages")
        || span.hasPrefix(CONTEXT) // all that version 7 adds to the conventions' attributes
        || span.scopeName().equals("ai") && span.hasPrefix("ai.");
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    String operation = span.text(OPERATION_ID);
    boolean call = operation != null && operation.contains(".do");
    operation(operation, out);
    out.offer(Slot.PROVIDER, provider(span.text("ai.model.provider")), "ai.model.provider");
    out.content(
        () -> out.offerBlob(Slot.INPUT_MESSAGES, span.get("ai.prompt"), "ai.prompt"),
        Slot.INPUT_MESSAGES);
    VercelResponse.read(span, out);
    if (call || operation == null) {
      VercelProviderMetadata.read(span, out);
    }
    embedding(span, out);
    if (operation != null && operation.contains("Object")) {
      out.infer(Slot.OUTPUT_TYPE, "json", OPERATION_ID);
    }
  }

  private static void operation(@Nullable String id, Draft out) {
    if (id == null) {
      return;
    }
    if (id.endsWith(".doGenerate") || id.endsWith(".doStream")) {
      out.offer(Slot.OPERATION, Operations.CHAT, OPERATION_ID);
    } else if (id.endsWith(".doEmbed")) {
      out.offer(Slot.OPERATION, Operations.EMBEDDINGS, OPERATION_ID);
    } else if (id.endsWith(".doRerank")) {
      out.offer(Slot.OPERATION, Operations.RERANK, OPERATION_ID);
    } else if (id.startsWith("ai.toolCall")) {
      out.offer(Slot.OPERATION, Operations.EXECUTE_TOOL, OPERATION_ID);
    } else {
      // The outer span: an agent if it generates, as version 7 calls it; else it has no operation.
      boolean agent = id.startsWith("ai.generate") || id.startsWith("ai.stream");
      if (agent) {
        out.offer(Slot.OPERATION, Operations.INVOKE_AGENT, OPERATION_ID);
      } else {
        out.withoutOperation();
      }
      out.aggregate();
    }
  }

  /** The provider without the API: {@code openai.chat}, {@code vertex.anthropic.messages}. */
  private static @Nullable String provider(@Nullable String written) {
    if (written == null || written.equals("gateway") || written.startsWith("gateway.")) {
      return null;
    }
    if (written.startsWith("azure.")) {
      return "azure.ai.openai"; // @ai-sdk/azure speaks to Azure OpenAI alone
    }
    for (String name = written; name.indexOf('.') > 0; name = parent(name)) {
      String known = Providers.known(name);
      if (known != null) {
        return known;
      }
    }
    String known = Providers.known(written);
    return known != null ? known : first(written);
  }

  private static String parent(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }

  private static String first(String name) {
    int dot = name.indexOf('.');
    String first = dot < 0 ? name : name.substring(0, dot);
    String known = Providers.known(first);
    return known != null ? known : first;
  }

  /** The length of the first vector; the numbers themselves are not worth reading. */
  private static void embedding(IndexedSpan span, Draft out) {
    Json vectors = span.get("ai.embeddings");
    Json vector = vectors.isArray() ? vectors.at(0) : span.get("ai.embedding");
    String text = vector.text();
    if (text == null || !text.startsWith("[") || text.startsWith("[[") || !text.endsWith("]")) {
      return;
    }
    long dimensions = text.length() == 2 ? 0 : 1 + text.chars().filter(c -> c == ',').count();
    if (dimensions > 0) {
      out.offer(Slot.EMBEDDING_DIMENSIONS, Json.of(String.valueOf(dimensions)), "ai.embeddings");
    }
  }
}
