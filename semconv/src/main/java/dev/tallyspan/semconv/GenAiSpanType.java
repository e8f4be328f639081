package dev.tallyspan.semconv;

import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_AGENT_NAME;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_DATA_SOURCE_ID;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_OPERATION_NAME;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_PROVIDER_NAME;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_REQUEST_MODEL;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_RESPONSE_ID;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_TOOL_NAME;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_WORKFLOW_NAME;
import static dev.tallyspan.semconv.GenAiAttributes.MCP_METHOD_NAME;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A span type of the GenAI conventions: its operations, its name, and its required attributes. */
public enum GenAiSpanType {
  /** A call of a model for text or other content. */
  INFERENCE(
      "gen_ai.client.inference",
      "gen_ai.inference.client",
      SpanKind.CLIENT,
      List.of("chat", "generate_content", "text_completion"),
      GEN_AI_REQUEST_MODEL,
      List.of(GEN_AI_OPERATION_NAME, GEN_AI_PROVIDER_NAME)),
  /** A call of a model for embeddings. */
  EMBEDDINGS(
      "gen_ai.embeddings.client",
      "gen_ai.embeddings.client",
      SpanKind.CLIENT,
      List.of("embeddings"),
      GEN_AI_REQUEST_MODEL,
      List.of(GEN_AI_OPERATION_NAME, GEN_AI_PROVIDER_NAME)),
  /** A search for documents. */
  RETRIEVAL(
      "gen_ai.retrieval.client",
      "gen_ai.retrieval.client",
      SpanKind.CLIENT,
      List.of("retrieval"),
      GEN_AI_DATA_SOURCE_ID,
      List.of(GEN_AI_OPERATION_NAME)),
  /** An answer is fetched that was generated before; its tokens are those of that call. */
  FETCH_RESPONSE(
      "gen_ai.fetch_response.client",
      null,
      SpanKind.CLIENT,
      List.of("fetch_response"),
      null,
      List.of(GEN_AI_OPERATION_NAME, GEN_AI_PROVIDER_NAME, GEN_AI_RESPONSE_ID)),
  /** A memory store is used. */
  MEMORY(
      "gen_ai.memory.client",
      null,
      SpanKind.CLIENT,
      List.of(
          "search_memory",
          "create_memory",
          "update_memory",
          "upsert_memory",
          "delete_memory",
          "create_memory_store",
          "delete_memory_store"),
      null,
      List.of(GEN_AI_OPERATION_NAME)),
  /** An agent is made at a provider. */
  CREATE_AGENT(
      "gen_ai.create_agent.client",
      "gen_ai.create_agent.client",
      SpanKind.CLIENT,
      List.of("create_agent"),
      GEN_AI_AGENT_NAME,
      List.of(GEN_AI_OPERATION_NAME, GEN_AI_PROVIDER_NAME)),
  /** An agent that runs elsewhere is called. */
  INVOKE_AGENT_CLIENT(
      "gen_ai.invoke_agent.client",
      "gen_ai.invoke_agent.client",
      SpanKind.CLIENT,
      List.of("invoke_agent"),
      GEN_AI_AGENT_NAME,
      List.of(GEN_AI_OPERATION_NAME, GEN_AI_PROVIDER_NAME)),
  /** An agent runs in this process. */
  INVOKE_AGENT_INTERNAL(
      "gen_ai.invoke_agent.internal",
      "gen_ai.invoke_agent.internal",
      SpanKind.INTERNAL,
      List.of("invoke_agent"),
      GEN_AI_AGENT_NAME,
      List.of(GEN_AI_OPERATION_NAME)),
  /** A tool runs in this process. */
  EXECUTE_TOOL(
      "gen_ai.execute_tool.internal",
      "gen_ai.execute_tool.internal",
      SpanKind.INTERNAL,
      List.of("execute_tool"),
      GEN_AI_TOOL_NAME,
      List.of(GEN_AI_OPERATION_NAME, GEN_AI_TOOL_NAME)),
  /** Agents, tools and calls that belong together run in this process. */
  INVOKE_WORKFLOW(
      "gen_ai.invoke_workflow.internal",
      "gen_ai.invoke_workflow.internal",
      SpanKind.INTERNAL,
      List.of("invoke_workflow"),
      GEN_AI_WORKFLOW_NAME,
      List.of(GEN_AI_OPERATION_NAME)),
  /** An agent makes a plan. */
  PLAN(
      "gen_ai.plan.internal",
      null,
      SpanKind.INTERNAL,
      List.of("plan"),
      GEN_AI_AGENT_NAME,
      List.of(GEN_AI_OPERATION_NAME)),
  /** A request or notification of the Model Context Protocol, as seen by the sender. */
  MCP_CLIENT(
      "mcp.client",
      "mcp.client",
      SpanKind.CLIENT,
      List.of(),
      GEN_AI_TOOL_NAME,
      List.of(MCP_METHOD_NAME)),
  /** A request or notification of the Model Context Protocol, as seen by the receiver. */
  MCP_SERVER(
      "mcp.server",
      "mcp.server",
      SpanKind.SERVER,
      List.of(),
      GEN_AI_TOOL_NAME,
      List.of(MCP_METHOD_NAME));

  private final String devId;
  private final @Nullable String coreId;
  private final SpanKind kind;
  private final List<String> operations;
  private final @Nullable AttributeKey<String> subject;
  private final List<AttributeKey<?>> required;

  GenAiSpanType(
      String devId,
      @Nullable String coreId,
      SpanKind kind,
      List<String> operations,
      @Nullable AttributeKey<String> subject,
      List<AttributeKey<?>> required) {
    this.devId = devId;
    this.coreId = coreId;
    this.kind = kind;
    this.operations = operations;
    this.subject = subject;
    this.required = required;
  }

  /**
   * {@return the type of a span with this {@code gen_ai.operation.name}; null if the conventions
   * define none} An agent span of kind {@code CLIENT} is a call of a remote agent.
   *
   * @param operation the name of the operation
   * @param kind the kind of the span
   */
  public static @Nullable GenAiSpanType of(String operation, SpanKind kind) {
    if ("invoke_agent".equals(operation)) {
      return kind == SpanKind.CLIENT ? INVOKE_AGENT_CLIENT : INVOKE_AGENT_INTERNAL;
    }
    for (GenAiSpanType type : values()) {
      if (type.operations.contains(operation)) {
        return type;
      }
    }
    return null;
  }

  /**
   * {@return the type's id in this generation of the conventions; null if the generation does not
   * define it}
   *
   * @param generation the generation of the conventions
   */
  public @Nullable String id(ConventionVersion generation) {
    return generation == ConventionVersion.CORE_1_41 ? coreId : devId;
  }

  /**
   * {@return the span kind} A client span may be {@code INTERNAL} if the model or store runs in the
   * same process.
   */
  public SpanKind kind() {
    return kind;
  }

  /**
   * {@return the values of {@code gen_ai.operation.name} that have this type; empty for MCP spans}
   */
  public List<String> operations() {
    return operations;
  }

  /**
   * {@return the attribute whose value follows the operation in the span name; null if there is
   * none}
   */
  public @Nullable AttributeKey<String> subject() {
    return subject;
  }

  /** {@return the required attributes, to be set when the span starts} */
  public List<AttributeKey<?>> required() {
    return required;
  }

  /**
   * Builds the span name.
   *
   * @param operation the operation's name, or MCP's method
   * @param subject the value of {@link #subject()}; null if it is not known
   * @return the name
   */
  public String spanName(String operation, @Nullable String subject) {
    return this.subject == null || subject == null || subject.isEmpty()
        ? operation
        : operation + " " + subject;
  }
}
