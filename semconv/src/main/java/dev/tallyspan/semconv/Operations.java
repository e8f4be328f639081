package dev.tallyspan.semconv;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of {@code gen_ai.operation.name}, the values that emitters write instead, and whether
 * a provider bills them.
 */
public final class Operations {

  /** {@value} */
  public static final String CHAT = "chat";

  /** {@value} */
  public static final String TEXT_COMPLETION = "text_completion";

  static final String GENERATE_CONTENT = "generate_content";

  /** {@value} */
  public static final String EMBEDDINGS = "embeddings";

  /** {@value} */
  public static final String RETRIEVAL = "retrieval";

  /** {@value} */
  public static final String RERANK = "rerank";

  /** {@value} */
  public static final String EXECUTE_TOOL = "execute_tool";

  /** {@value} */
  public static final String INVOKE_AGENT = "invoke_agent";

  /** {@value} */
  public static final String INVOKE_WORKFLOW = "invoke_workflow";

  /** {@value} */
  public static final String CREATE_AGENT = "create_agent";

  private static final Set<String> CALLS =
      Set.of(
          CHAT,
          TEXT_COMPLETION,
          GENERATE_CONTENT,
          EMBEDDINGS,
          RERANK,
          "image",
          "image_generation",
          "speech",
          "speech_to_text",
          "text_to_speech",
          "transcription",
          "generate_live_content");

  /** Never billed, even if they show tokens: the call that they describe has its own span. */
  private static final Set<String> NEVER_BILLED =
      Set.of(EXECUTE_TOOL, "fetch_response", "count_tokens", CREATE_AGENT);

  private static final Set<String> AROUND_CALLS =
      Set.of(
          INVOKE_AGENT,
          INVOKE_WORKFLOW,
          RETRIEVAL,
          "plan",
          "agent_step",
          "handle_conversation_turn",
          "search_memory",
          "create_memory",
          "update_memory",
          "upsert_memory",
          "delete_memory",
          "create_memory_store",
          "delete_memory_store");

  private static final Map<String, String> ALIASES = aliases();

  /** Values that name what the span belongs to, not what it does. */
  private static final Set<String> NO_OPERATION = Set.of("framework", "advisor", "send_data");

  private Operations() {}

  /**
   * {@return the well-known value for a value that an emitter wrote; the same text if it is not an
   * alias; null for null and if it does not name an operation}
   *
   * @param raw as it was received
   */
  public static @Nullable String canonical(@Nullable String raw) {
    if (raw == null) {
      return null;
    }
    String name = raw.strip().toLowerCase(Locale.ROOT);
    if (NO_OPERATION.contains(name)) {
      return null;
    }
    String known = ALIASES.get(name);
    return known != null ? known : raw.strip();
  }

  /**
   * {@return whether the operation is a call of a model, which a provider serves and bills} False
   * for null.
   *
   * @param operation the name of the operation
   */
  public static boolean isCall(@Nullable String operation) {
    return operation != null && CALLS.contains(operation);
  }

  static boolean isKnown(String operation) {
    return CALLS.contains(operation)
        || NEVER_BILLED.contains(operation)
        || AROUND_CALLS.contains(operation);
  }

  /**
   * {@return the operation at the start of a span name, where the conventions put it; null if there
   * is none}
   *
   * @param name the name
   */
  public static @Nullable String inSpanName(String name) {
    int space = name.indexOf(' ');
    String first = space < 0 ? name : name.substring(0, space);
    return isKnown(first) ? first : null;
  }

  /**
   * {@return how a span of this operation is billed, without regard to other spans} An operation
   * that the conventions do not define is a call if it is a client's request to a provider and has
   * a model and tokens.
   *
   * @param operation the operation; null if not known
   * @param hasUsage whether the span reports usage
   * @param hasModel whether the span names a model
   * @param client whether the span is of kind client
   */
  public static Billing billing(
      @Nullable String operation, boolean hasUsage, boolean hasModel, boolean client) {
    if (isCall(operation)) {
      return Billing.CALL;
    }
    if (operation != null && NEVER_BILLED.contains(operation) || !hasUsage) {
      return Billing.NOT_BILLABLE;
    }
    boolean unknown = operation != null && !AROUND_CALLS.contains(operation);
    return unknown && hasModel && client ? Billing.CALL : Billing.AGGREGATE;
  }

  private static Map<String, String> aliases() {
    Map<String, String> map = new HashMap<>();
    add(
        map,
        CHAT,
        "chat_completion",
        "chat_completions",
        "chat.completions",
        "chat.completion",
        "acompletion",
        "llm_call",
        "llm_request",
        "call_llm",
        "generate",
        "message",
        "messages",
        "responses",
        "aresponses");
    add(map, TEXT_COMPLETION, "completion", "completions", "text.completion");
    add(map, GENERATE_CONTENT);
    add(map, EMBEDDINGS, "embedding", "embed", "aembedding");
    add(map, RETRIEVAL, "retriever", "vector_db_retrieve");
    add(map, RERANK, "reranking", "arerank");
    add(map, EXECUTE_TOOL, "tool_call", "tool", "execute tool");
    add(map, INVOKE_AGENT, "agent_call", "agent", "agent_run");
    add(map, INVOKE_WORKFLOW, "workflow", "workflow_run");
    add(map, "image_generation", "aimage_generation");
    add(map, "transcription", "atranscription", "audio/transcription");
    add(map, "speech", "aspeech");
    return Map.copyOf(map);
  }

  private static void add(Map<String, String> map, String known, String... aliases) {
    map.put(known, known);
    for (String alias : aliases) {
      map.put(alias, known);
    }
  }
}
