package dev.tallyspan.semconv.content;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.content.ContentKeys.Kind;
import dev.tallyspan.semconv.internal.dialect.Dialect;
import dev.tallyspan.semconv.internal.dialect.Dialects;
import dev.tallyspan.semconv.internal.dialect.Rename;
import dev.tallyspan.semconv.span.Slot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keys whose kind is known: those of the conventions, which say what they are about, those in the
 * tables of the dialects, and those that dialects read from payloads, which are listed here.
 */
final class ListedKeys {

  private static final Map<String, Kind> TABLED = tabled();

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
          "tallyspan.evaluation.metadata",
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
          "annotations.",
          "evaluations.",
          "trace.annotations.",
          "trace.evaluations.",
          "session.annotations.",
          "session.evaluations.",
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

  private ListedKeys() {}

  private static Map<String, Kind> tabled() {
    Map<String, Kind> kinds = new HashMap<>();
    for (Dialect dialect : Dialects.ALL) {
      for (Rename<?> rename : dialect.renames()) {
        kinds.merge(rename.key(), ofSlot(rename.slot()), ListedKeys::either);
      }
    }
    for (Slot<?> slot : Slot.all()) {
      for (ConventionVersion generation : ConventionVersion.values()) {
        String key = slot.key(generation);
        if (key != null) {
          kinds.merge(key, ofSlot(slot), ListedKeys::either);
        }
      }
    }
    return Map.copyOf(kinds);
  }

  private static Kind ofSlot(Slot<?> slot) {
    return slot.keyClass() == KeyClass.CONTENT ? Kind.CONTENT : Kind.OTHER;
  }

  private static Kind either(Kind a, Kind b) {
    return a == Kind.CONTENT ? a : b;
  }

  /** The kind of the key; null if nothing says it. */
  static @Nullable Kind kind(String key) {
    Kind tabled = TABLED.get(key);
    if (tabled != null) {
      return tabled;
    }
    if (CONTENT.contains(key)) {
      return Kind.CONTENT;
    }
    if (isBelowContent(key)) {
      return KeyWords.describe(key) ? Kind.OTHER : Kind.CONTENT;
    }
    for (String prefix : OTHER_PREFIXES) {
      if (key.startsWith(prefix)) {
        return Kind.OTHER;
      }
    }
    return null;
  }

  /** Whether what the key is a part of holds content. */
  static boolean isBelowContent(String key) {
    for (String prefix : CONTENT_PREFIXES) {
      if (key.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
