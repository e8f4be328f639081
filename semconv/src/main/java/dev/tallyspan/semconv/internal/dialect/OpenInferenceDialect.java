package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.Providers;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * OpenInference, the conventions of Arize and Phoenix, as its specification ({@code
 * spec/semantic_conventions.md}) and its instrumentations for Python, JavaScript and Java have
 * them. Counts include their parts by the project's rule.
 */
final class OpenInferenceDialect implements Dialect {

  private static final String KIND = "openinference.span.kind";
  private static final String INPUT = "input.value";
  private static final String OUTPUT = "output.value";
  private static final String PARAMETERS = "llm.invocation_parameters";

  private static final Map<String, String> OPERATIONS =
      Map.of(
          "LLM", Operations.CHAT,
          "EMBEDDING", Operations.EMBEDDINGS,
          "RETRIEVER", Operations.RETRIEVAL,
          "RERANKER", Operations.RERANK,
          "TOOL", Operations.EXECUTE_TOOL,
          "AGENT", Operations.INVOKE_AGENT,
          "TOKEN_COUNTER", "count_tokens");

  /** Marks besides the kind, which those leave out who write the keys by hand. */
  private static final List<String> MARKS =
      List.of(
          "llm.token_count.",
          "llm.input_messages.",
          "llm.output_messages.",
          "llm.invocation_parameters",
          "llm.model_name",
          "embedding.embeddings.",
          "embedding.model_name",
          "retrieval.documents.",
          "reranker.");

  private static final List<Rename<?>> RENAMES =
      List.of(
          Rename.of("llm.request.model_name", Slot.REQUEST_MODEL),
          Rename.of("llm.response.model_name", Slot.RESPONSE_MODEL),
          Rename.of("embedding.model_name", Slot.REQUEST_MODEL),
          Rename.of("reranker.model_name", Slot.REQUEST_MODEL),
          Rename.of("llm.finish_reason", Slot.FINISH_REASONS),
          Rename.of("llm.prompt_template.version", Slot.PROMPT_VERSION),
          // tokens
          Rename.of("llm.token_count.prompt", Slot.INPUT_TOKENS),
          Rename.of("llm.token_count.completion", Slot.OUTPUT_TOKENS),
          Rename.of("llm.token_count.total", Slot.TOTAL_TOKENS),
          Rename.of("llm.token_count.prompt_details.cache_read", Slot.CACHE_READ_TOKENS),
          Rename.of("llm.token_count.prompt_details.cache_input", Slot.CACHE_READ_TOKENS),
          Rename.of("llm.token_count.prompt_details.cache_write", Slot.CACHE_WRITE_TOKENS),
          Rename.of("llm.token_count.prompt_details.audio", Slot.AUDIO_INPUT_TOKENS),
          Rename.of("llm.token_count.prompt_details.audio_input", Slot.AUDIO_INPUT_TOKENS),
          Rename.of("llm.token_count.prompt_details.image", Slot.IMAGE_INPUT_TOKENS),
          Rename.of("llm.token_count.prompt_details.video", Slot.VIDEO_INPUT_TOKENS),
          Rename.of("llm.token_count.completion_details.image", Slot.IMAGE_OUTPUT_TOKENS),
          Rename.of("llm.token_count.completion_details.reasoning", Slot.REASONING_TOKENS),
          Rename.of("llm.token_count.completion_details.audio", Slot.AUDIO_OUTPUT_TOKENS),
          // tools and agents
          Rename.of("tool_call.function.name", Slot.TOOL_NAME),
          Rename.of("tool.name", Slot.TOOL_NAME),
          Rename.of("tool_call.id", Slot.TOOL_CALL_ID),
          Rename.of("tool.id", Slot.TOOL_CALL_ID),
          Rename.of("tool_call.function.arguments", Slot.TOOL_CALL_ARGUMENTS),
          Rename.of("tool.description", Slot.TOOL_DESCRIPTION),
          Rename.of("agent.name", Slot.AGENT_NAME),
          // who
          Rename.of("session.id", Slot.CONVERSATION_ID),
          Rename.of("tag.tags", Slot.TAGS));

  @Override
  public String id() {
    return "openinference";
  }

  @Override
  public CacheCounts cacheCounts() {
    return CacheCounts.ADDED;
  }

  @Override
  public List<String> markers() {
    return List.of("openinference.", "llm.", "embedding.", "retrieval.documents.", "reranker.");
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    if (span.has(KIND)) {
      return true;
    }
    for (String key : span.keys()) {
      for (String mark : MARKS) {
        if (key.startsWith(mark)) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    String kind = kind(span);
    operation(span, kind, out);
    provider(span, out);
    boolean call = kind.equals("LLM") || kind.equals("EMBEDDING");
    if (call) {
      LangChainMetadata.read(span.json("metadata"), "metadata", out);
      RequestParameters.read(span.json(PARAMETERS), PARAMETERS, out);
      RequestParameters.read(
          span.json("embedding.invocation_parameters"), "embedding.invocation_parameters", out);
      ResponsePayload.read(span.get(OUTPUT), OUTPUT, out);
      models(span, out);
    }
    switch (kind) {
      case "LLM" -> OpenInferenceMessages.read(span, out);
      case "EMBEDDING" -> embedding(span, out);
      case "TOOL" -> tool(span, out);
      case "RETRIEVER" -> retriever(span, out);
      case "AGENT" -> agent(span, out);
      case "CHAIN" -> chain(span, out);
      default -> {
        // groups other spans, or is not a call of a model
      }
    }
    if (!call) {
      LangChainMetadata.read(span.json("metadata"), "metadata", out);
    }
  }

  /** The kind in capitals; told from the keys, if the span does not say it. */
  private static String kind(IndexedSpan span) {
    String kind = span.text(KIND);
    if (kind != null) {
      String capitals = kind.strip().toUpperCase(Locale.ROOT);
      return capitals.equals("LLM") && isPreparation(span) ? "CHAIN" : capitals;
    }
    if (span.hasPrefix("embedding.")) {
      return "EMBEDDING";
    }
    if (span.hasPrefix("reranker.")) {
      return "RERANKER";
    }
    return span.hasPrefix("llm.") ? "LLM" : "RETRIEVER";
  }

  /**
   * Whether this is work that LlamaIndex does before a call, such as {@code
   * OpenAI._prepare_chat_with_tools}: the instrumentation writes the kind of its class.
   */
  private static boolean isPreparation(IndexedSpan span) {
    return span.name().contains("._")
        && span.isScope("openinference.instrumentation.llama_index")
        && !span.hasPrefix("llm.token_count.")
        && !span.hasPrefix("llm.input_messages.")
        && !span.hasPrefix("llm.prompts");
  }

  private static void operation(IndexedSpan span, String kind, Draft out) {
    String operation = OPERATIONS.get(kind);
    if (operation == null) {
      out.withoutOperation();
    } else if (kind.equals("LLM") && isTextCompletion(span)) {
      out.offer(Slot.OPERATION, Operations.TEXT_COMPLETION, "llm.prompts");
    } else {
      out.offer(Slot.OPERATION, operation, KIND);
    }
  }

  private static boolean isTextCompletion(IndexedSpan span) {
    return !span.hasPrefix("llm.input_messages.")
        && (span.hasPrefix("llm.choices.") || span.hasPrefix("llm.prompts"));
  }

  /** {@code llm.system} identifies the API, {@code llm.provider} the provider that serves it. */
  private static void provider(IndexedSpan span, Draft out) {
    String host = lower(span.text("llm.provider"));
    String system = lower(span.text("llm.system"));
    if (host == null) {
      out.offer(Slot.PROVIDER, system, "llm.system");
    } else if (host.equals("azure") && "openai".equals(system)) {
      out.offer(Slot.PROVIDER, "azure.ai.openai", "llm.provider");
    } else if (host.equals("google") && "vertexai".equals(system)) {
      out.offer(Slot.PROVIDER, "gcp.vertex_ai", "llm.provider");
    } else {
      out.offer(Slot.PROVIDER, host, "llm.provider");
    }
    String client = Providers.ofClientClass(span.name());
    String scope = span.scopeName();
    int last = Math.max(scope.lastIndexOf('.'), scope.lastIndexOf('-'));
    if (client != null) {
      out.infer(Slot.PROVIDER, client, "span name");
    } else if (span.isScope("openinference.instrumentation")
        || scope.startsWith("@arizeai/openinference-instrumentation-")) {
      out.infer(Slot.PROVIDER, Providers.known(scope.substring(last + 1)), "scope name");
    }
  }

  /**
   * {@code llm.model_name} is the model that answered, or the one asked for: instrumentations
   * differ. Where the request names another one, it is the answer's.
   */
  private static void models(IndexedSpan span, Draft out) {
    String model = span.text("llm.model_name");
    String asked = out.text(Slot.REQUEST_MODEL);
    boolean answers = asked != null && !asked.equals(model);
    if (asked == null) {
      out.offer(Slot.REQUEST_MODEL, model, "llm.model_name");
    } else if (answers && !span.span().failed()) {
      out.offer(Slot.RESPONSE_MODEL, model, "llm.model_name");
    }
    out.consumed("llm.model_name", answers ? Slot.RESPONSE_MODEL : Slot.REQUEST_MODEL, model);
  }

  private static void embedding(IndexedSpan span, Draft out) {
    Json vector = span.get("embedding.vector");
    for (int i = 0; !vector.isPresent() && i < 3; i++) {
      vector = span.get("embedding.embeddings." + i + ".embedding.vector");
    }
    Json opened = vector.unwrapOrSelf();
    if (opened.size() > 0) {
      out.offer(Slot.EMBEDDING_DIMENSIONS, Json.of(String.valueOf(opened.size())), "");
    }
  }

  private static void tool(IndexedSpan span, Draft out) {
    ToolPayload.read(span.get(INPUT), INPUT, span.get(OUTPUT), OUTPUT, out);
    if (!span.has(INPUT) && !span.json("tool.parameters").get("properties").isPresent()) {
      out.offer(Slot.TOOL_CALL_ARGUMENTS, span.get("tool.parameters"), "tool.parameters");
    }
    out.infer(Slot.TOOL_NAME, span.name(), "span name");
  }

  private static void retriever(IndexedSpan span, Draft out) {
    Json documents = span.list("retrieval.documents.");
    if (out.offer(Slot.RETRIEVAL_DOCUMENTS, documents, "retrieval.documents.")) {
      span.listKeys("retrieval.documents.").forEach(out::consumed);
    }
    out.offerBlob(Slot.RETRIEVAL_DOCUMENTS, span.json(OUTPUT), OUTPUT);
    Json input = span.get(INPUT).unwrapOrSelf();
    out.offerBlob(
        Slot.RETRIEVAL_QUERY,
        input.isObject() ? input.first("query", "input", "question", "query_str") : input,
        INPUT);
  }

  private static void agent(IndexedSpan span, Draft out) {
    String node = span.text("graph.node.name");
    out.infer(
        Slot.AGENT_NAME, node != null ? node : span.text("graph.node.id"), "the graph's node");
    out.offerBlob(Slot.INPUT_MESSAGES, span.get(INPUT), INPUT);
    out.offerBlob(Slot.OUTPUT_MESSAGES, span.get(OUTPUT), OUTPUT);
  }

  /**
   * CrewAI's result sums the calls of the crew, which have spans of their own only if the client
   * library is instrumented too.
   */
  private static void chain(IndexedSpan span, Draft out) {
    if (!span.isScope("openinference.instrumentation.crewai")) {
      return;
    }
    Json usage = span.json(OUTPUT).get("token_usage");
    if (usage.get("successful_requests").isPresent()) {
      out.offer(Slot.INPUT_TOKENS, usage.get("prompt_tokens"), OUTPUT);
      out.offer(Slot.OUTPUT_TOKENS, usage.get("completion_tokens"), OUTPUT);
      out.offer(Slot.TOTAL_TOKENS, usage.get("total_tokens"), OUTPUT);
      out.offer(Slot.CACHE_READ_TOKENS, usage.get("cached_prompt_tokens"), OUTPUT);
      out.offer(Slot.CACHE_WRITE_TOKENS, usage.get("cache_creation_tokens"), OUTPUT);
      out.offer(Slot.REASONING_TOKENS, usage.get("reasoning_tokens"), OUTPUT);
      out.aggregate();
    }
  }

  private static @Nullable String lower(@Nullable String text) {
    return text == null ? null : text.strip().toLowerCase(Locale.ROOT);
  }
}
