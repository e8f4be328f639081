package dev.tallyspan.semconv.content;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.internal.dialect.Dialect;
import dev.tallyspan.semconv.internal.dialect.Dialects;
import dev.tallyspan.semconv.internal.dialect.Rename;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which attributes hold content: what people, models and tools said, in every dialect.
 *
 * <p>The conventions' attributes and the tables of the dialects say what their keys are about. What
 * dialects read from payloads is listed here. For any other key, the words in it decide, and for a
 * key that says nothing its value: a long text or a structure is content. So an unknown key is
 * content rather than not.
 */
public final class ContentKeys {

  private enum Kind {
    CONTENT,
    OTHER,
    UNKNOWN
  }

  /** Longer texts are content, whatever their key. */
  private static final int LONGEST_OTHER = 100;

  /** Longer values describe nothing. */
  private static final int LONGEST_DESCRIPTION = 128;

  private static final Map<String, Kind> TABLED = tabled();

  /** What was decided before; keys may be hostile, so that not all are kept. */
  private static final Map<String, Kind> KNOWN = new ConcurrentHashMap<>();

  private static final int MOST_KNOWN = 4096;

  /** Keys of content that dialects read from payloads, and keys that instrumentation adds. */
  private static final Set<String> CONTENT =
      Set.of(
          // conventions, in all generations
          "gen_ai.prompt",
          "gen_ai.completion",
          "gen_ai.event.content",
          "gen_ai.request.messages",
          "gen_ai.response.text",
          "gen_ai.response.tool_calls",
          "gen_ai.prompt_json",
          "gen_ai.completion_json",
          "gen_ai.tool.args",
          "gen_ai.tool.input",
          "gen_ai.tool.output",
          "gen_ai.request.available_tools",
          "gen_ai.request.structured_output_schema",
          "gen_ai.openai.request.response_format",
          "gen_ai.request.parameters",
          "gen_ai.task.input",
          "gen_ai.task.output",
          "gen_ai.headers",
          "gen_ai.evaluation.explanation",
          "exception.message",
          "exception.stacktrace",
          "error",
          "error.message",
          "status.message",
          "otel.status_description",
          "event.body",
          // OpenInference and OpenLLMetry
          "input.value",
          "output.value",
          "llm.prompts",
          "llm.input",
          "llm.output",
          "llm.function_call",
          "llm.invocation_parameters",
          "llm.prompt_template.template",
          "llm.prompt_template.variables",
          "embedding.invocation_parameters",
          "embedding.vector",
          "embedding.text",
          "retrieval.query",
          "reranker.query",
          "tool.parameters",
          "tool.arguments",
          "tool.input",
          "tool.output",
          "tool.result",
          "tool_call.function.arguments",
          "traceloop.entity.input",
          "traceloop.entity.output",
          // tracing products
          "langfuse.observation.input",
          "langfuse.observation.output",
          "langfuse.observation.status_message",
          "langfuse.trace.input",
          "langfuse.trace.output",
          "braintrust.input",
          "braintrust.input_json",
          "braintrust.output",
          "braintrust.output_json",
          "braintrust.expected",
          "mlflow.spanInputs",
          "mlflow.spanOutputs",
          "mlflow.chat.tools",
          "mlflow.chat.messages",
          "lmnr.span.input",
          "lmnr.span.output",
          "span.input",
          "span.output",
          // frameworks
          "ai.prompt",
          "ai.response.text",
          "ai.response.object",
          "ai.response.reasoning",
          "ai.response.toolCalls",
          "ai.response.files",
          "ai.response.providerMetadata",
          "ai.toolCall.args",
          "ai.toolCall.result",
          "ai.toolCall.input",
          "ai.toolCall.output",
          "ai.value",
          "ai.values",
          "ai.embedding",
          "ai.embeddings",
          "ai.schema",
          "ai.input_messages",
          "ai.responses",
          "ai.tool_calls",
          "ai.tools",
          "spring.ai.tool.call.arguments",
          "spring.ai.tool.call.result",
          "db.vector.query.content",
          "db.vector.query.response.documents",
          "gcp.vertex.agent.llm_request",
          "gcp.vertex.agent.llm_response",
          "gcp.vertex.agent.tool_call_args",
          "gcp.vertex.agent.tool_response",
          "gcp.vertex.agent.data",
          "genkit:input",
          "genkit:output",
          "haystack.component.input",
          "haystack.component.output",
          "haystack.agent.input",
          "haystack.agent.output",
          "haystack.agent.tools",
          "haystack.agent.state_schema",
          "pydantic_ai.all_messages",
          "all_messages_events",
          "all_messages",
          "events",
          "final_result",
          "raw_input",
          "tool_arguments",
          "tool_response",
          "request_data",
          "response_data",
          "model_request_parameters",
          "model_settings",
          "crew_agents",
          "crew_tasks",
          "crew_inputs",
          "smolagents.task",
          "embeddings",
          "inputs",
          "outputs",
          "user_prompt",
          "prompt",
          "response",
          "tool_input",
          "tool_output",
          "tool_parameters",
          "hidden_params",
          "sk.available_functions",
          "logfire.msg");

  /** What follows these prefixes is content, unless its last segment describes it. */
  private static final List<String> CONTENT_PREFIXES =
      List.of(
          "gen_ai.prompt.",
          "gen_ai.completion.",
          "gen_ai.content.",
          "gen_ai.tool.definitions.",
          "llm.input_messages.",
          "llm.output_messages.",
          "llm.prompts.",
          "llm.choices.",
          "llm.tools.",
          "llm.request.functions.",
          "llm.prompt_template.",
          "llm.anthropic.",
          "llm.openai.",
          "embedding.embeddings.",
          "retrieval.documents.",
          "reranker.input_documents.",
          "reranker.output_documents.",
          "ai.prompt.",
          "ai.result.",
          "ai.settings.context.",
          "db.query.result",
          "db.search.result",
          "db.query.embeddings",
          "haystack.agent.step.",
          "haystack.pipeline.input",
          "haystack.pipeline.output",
          "response.",
          "http.request.body",
          "http.response.body");

  /** What follows these is not content: where and how something ran, and numbers. */
  private static final List<String> OTHER_PREFIXES =
      List.of(
          "gen_ai.usage.",
          "gen_ai.cost.",
          "gen_ai.token.",
          "llm.token_count.",
          "llm.usage.",
          "llm.cost.",
          "ai.usage.",
          "metadata.usage_object",
          "tallyspan.",
          "openlit.",
          "otel.",
          "telemetry.",
          "service.",
          "deployment.",
          "url.",
          "http.",
          "server.",
          "client.",
          "network.",
          "net.",
          "peer.",
          "rpc.",
          "db.",
          "code.",
          "thread.",
          "process.",
          "host.",
          "os.",
          "cloud.",
          "aws.",
          "az.",
          "k8s.",
          "container.",
          "faas.",
          "messaging.",
          "user.",
          "user_agent.",
          "session.",
          "enduser.",
          "feature_flag.",
          "exception.",
          "error.",
          "braintrust.metrics",
          "braintrust.span_attributes",
          "braintrust.context_json",
          "braintrust.parent",
          "mlflow.chat.tokenUsage",
          "mlflow.span",
          "mlflow.llm.",
          "genkit:",
          "logfire.",
          "langfuse.observation.usage_details",
          "langfuse.observation.cost_details",
          "langsmith.usage_metadata",
          "langsmith.metadata.usage_metadata",
          "server_");

  /** Last segments of keys that describe content, without case and separators. */
  private static final Set<String> DESCRIBING =
      Set.of(
          "role",
          "id",
          "type",
          "name",
          "finishreason",
          "stopreason",
          "stopsequence",
          "mimetype",
          "mediatype",
          "format",
          "model",
          "index",
          "toolcallid",
          "version",
          "provider",
          "status",
          "length",
          "toolchoice",
          "mode",
          "score",
          "kind",
          "servicetier",
          "systemfingerprint");

  /** Words in keys of content, in all dialects and beyond. */
  private static final Set<String> CONTENT_WORDS =
      Set.of(
          "answer",
          "args",
          "arguments",
          "body",
          "chat",
          "choices",
          "completion",
          "completions",
          "content",
          "contents",
          "description",
          "document",
          "documents",
          "error",
          "history",
          "input",
          "inputs",
          "instruction",
          "instructions",
          "message",
          "messages",
          "output",
          "outputs",
          "payload",
          "prompt",
          "prompts",
          "q",
          "query",
          "question",
          "reasoning",
          "reply",
          "response",
          "responses",
          "result",
          "results",
          "stacktrace",
          "statement",
          "summary",
          "task",
          "text",
          "thinking",
          "thought",
          "transcript",
          "value");

  /** Last words of keys that count, name or time content. */
  private static final Set<String> COUNTING_WORDS =
      Set.of(
          "bytes",
          "chars",
          "code",
          "cost",
          "count",
          "duration",
          "fingerprint",
          "format",
          "hash",
          "id",
          "ids",
          "index",
          "kind",
          "length",
          "limit",
          "mode",
          "model",
          "ms",
          "name",
          "path",
          "provider",
          "reason",
          "role",
          "seconds",
          "size",
          "status",
          "threshold",
          "tier",
          "time",
          "timestamp",
          "token",
          "tokens",
          "type",
          "uri",
          "url",
          "version");

  private ContentKeys() {}

  private static Map<String, Kind> tabled() {
    Map<String, Kind> kinds = new HashMap<>();
    for (Dialect dialect : Dialects.ALL) {
      for (Rename<?> rename : dialect.renames()) {
        kinds.merge(rename.key(), kind(rename.slot()), ContentKeys::either);
      }
    }
    for (Slot<?> slot : Slot.all()) {
      for (ConventionVersion generation : ConventionVersion.values()) {
        String key = slot.key(generation);
        if (key != null) {
          kinds.merge(key, kind(slot), ContentKeys::either);
        }
      }
    }
    return Map.copyOf(kinds);
  }

  private static Kind kind(Slot<?> slot) {
    return slot.keyClass() == KeyClass.CONTENT ? Kind.CONTENT : Kind.OTHER;
  }

  private static Kind either(Kind a, Kind b) {
    return a == Kind.CONTENT ? a : b;
  }

  /** Whether any value of this attribute is content. */
  public static boolean isContent(String key) {
    return kind(key) == Kind.CONTENT;
  }

  /**
   * Whether this value of the attribute is content.
   *
   * @param value may be null
   */
  public static boolean isContent(String key, @Nullable Value<?> value) {
    Kind kind = kind(key);
    if (value == null || kind == Kind.CONTENT) {
      return kind == Kind.CONTENT;
    }
    if (kind == Kind.OTHER) {
      return value.getValue() instanceof String text
          && text.length() > LONGEST_DESCRIPTION
          && isBelowContent(key);
    }
    return switch (value.getType()) {
      case STRING -> isContentText((String) value.getValue());
      case KEY_VALUE_LIST, BYTES -> true;
      case ARRAY -> isContentArray(value);
      default -> false;
    };
  }

  /** Whether the key tells nothing about what it is, so that its value decides. */
  static boolean isUnknown(String key) {
    return kind(key) == Kind.UNKNOWN;
  }

  private static boolean isContentText(String text) {
    return text.length() > LONGEST_OTHER || (text.length() > 2 && JsonRewriter.mayBeJson(text));
  }

  @SuppressWarnings("unchecked") // getValue() has the type that getType() indicates
  private static boolean isContentArray(Value<?> array) {
    int length = 0;
    for (Value<?> element : (List<Value<?>>) array.getValue()) {
      Object raw = element.getValue();
      if (raw instanceof List || raw instanceof KeyValue[]) {
        return true;
      }
      length += raw instanceof String text ? text.length() : 0;
      if (raw instanceof String text && text.length() > 2 && JsonRewriter.mayBeJson(text)) {
        return true;
      }
    }
    return length > LONGEST_OTHER;
  }

  private static Kind kind(String key) {
    Kind known = KNOWN.get(key);
    if (known == null) {
      known = decided(key);
      if (KNOWN.size() < MOST_KNOWN) {
        KNOWN.put(key, known);
      }
    }
    return known;
  }

  private static Kind decided(String key) {
    Kind tabled = TABLED.get(key);
    if (tabled != null) {
      return tabled;
    }
    if (CONTENT.contains(key)) {
      return Kind.CONTENT;
    }
    if (isBelowContent(key)) {
      return describes(key) ? Kind.OTHER : Kind.CONTENT;
    }
    for (String prefix : OTHER_PREFIXES) {
      if (key.startsWith(prefix)) {
        return Kind.OTHER;
      }
    }
    return hasContentWords(key) ? Kind.CONTENT : Kind.UNKNOWN;
  }

  private static boolean isBelowContent(String key) {
    for (String prefix : CONTENT_PREFIXES) {
      if (key.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private static boolean describes(String key) {
    String last = key.substring(Math.max(key.lastIndexOf('.'), key.lastIndexOf(':')) + 1);
    return DESCRIBING.contains(last.toLowerCase(Locale.ROOT).replace("_", "").replace("-", ""));
  }

  /**
   * The words of the key, camelCase too, but for one at the end that counts or names the others.
   */
  private static boolean hasContentWords(String key) {
    boolean content = false;
    boolean counts = false;
    int start = 0;
    for (int i = 0; i <= key.length(); i++) {
      boolean letter = i < key.length() && Character.isLetter(key.charAt(i));
      boolean hump =
          letter
              && i > start
              && Character.isUpperCase(key.charAt(i))
              && Character.isLowerCase(key.charAt(i - 1));
      if (!letter || hump) {
        if (i > start) {
          String word = key.substring(start, i).toLowerCase(Locale.ROOT);
          content |= CONTENT_WORDS.contains(word);
          counts = COUNTING_WORDS.contains(word);
        }
        start = hump ? i : i + 1;
      }
    }
    return content && !counts;
  }
}
