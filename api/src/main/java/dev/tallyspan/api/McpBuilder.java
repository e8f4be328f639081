package dev.tallyspan.api;

import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_OPERATION_NAME;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_PROMPT_NAME;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_TOOL_NAME;
import static dev.tallyspan.semconv.GenAiAttributes.MCP_METHOD_NAME;
import static dev.tallyspan.semconv.GenAiAttributes.MCP_PROTOCOL_VERSION;
import static dev.tallyspan.semconv.GenAiAttributes.MCP_RESOURCE_URI;
import static dev.tallyspan.semconv.GenAiAttributes.MCP_SESSION_ID;

import dev.tallyspan.semconv.GenAiAttributes.McpMethodNameValues;
import dev.tallyspan.semconv.GenAiSpanType;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.ValueSupport;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Value;
import org.jspecify.annotations.Nullable;

/**
 * A request or notification of the Model Context Protocol. See {@link GenAi#mcpClient} and {@link
 * GenAi#mcpServer}.
 */
public final class McpBuilder extends OperationBuilder<McpBuilder, McpCall> {

  private static final AttributeKey<String> REQUEST_ID =
      AttributeKey.stringKey("jsonrpc.request.id");

  private final String method;
  private final boolean server;
  private @Nullable Value<?> arguments;

  McpBuilder(Tracing tracing, @Nullable String method, boolean server) {
    super(tracing);
    // Required by the conventions.
    this.method = method == null || method.isBlank() ? "unknown" : method;
    this.server = server;
    set(MCP_METHOD_NAME, this.method);
    if (this.method.equals(McpMethodNameValues.TOOLS_CALL)) {
      set(GEN_AI_OPERATION_NAME, Operations.EXECUTE_TOOL);
    }
  }

  /**
   * Sets the tool that is called.
   *
   * @param name as the server lists it; null is ignored
   * @return this
   */
  public McpBuilder tool(@Nullable String name) {
    return set(GEN_AI_TOOL_NAME, name);
  }

  /**
   * Sets the prompt that is asked for.
   *
   * @param name as the server lists it; null is ignored
   * @return this
   */
  public McpBuilder prompt(@Nullable String name) {
    return set(GEN_AI_PROMPT_NAME, name);
  }

  /**
   * Sets the resource that is read.
   *
   * @param uri as the server lists it; null is ignored
   * @return this
   */
  public McpBuilder resource(@Nullable String uri) {
    return set(MCP_RESOURCE_URI, uri);
  }

  /**
   * Sets the session of the protocol.
   *
   * @param id of the session; null if it is not established yet, see {@link McpCall#session}
   * @return this
   */
  public McpBuilder session(@Nullable String id) {
    return set(MCP_SESSION_ID, id);
  }

  /**
   * Sets the version of the protocol.
   *
   * @param version such as {@code 2025-06-18}
   * @return this
   */
  public McpBuilder protocolVersion(@Nullable String version) {
    return set(MCP_PROTOCOL_VERSION, version);
  }

  /**
   * Sets the id of the request; notifications have none.
   *
   * @param id of JSON-RPC; a number is written as text
   * @return this
   */
  public McpBuilder requestId(@Nullable String id) {
    return set(REQUEST_ID, id);
  }

  /**
   * Sets the arguments of the tool, usually JSON.
   *
   * @param json which is content, see {@link ContentCapture.Kind#TOOL_ARGUMENTS}; text that is not
   *     JSON is kept as text
   * @return this
   */
  public McpBuilder arguments(@Nullable String json) {
    arguments = json == null ? arguments : ValueSupport.fromJson(json);
    return this;
  }

  @Override
  GenAiSpanType type() {
    return server ? GenAiSpanType.MCP_SERVER : GenAiSpanType.MCP_CLIENT;
  }

  @Override
  String operationName() {
    return method;
  }

  @Override
  @Nullable String subject() {
    String tool = facts.get(GEN_AI_TOOL_NAME);
    return tool == null ? facts.get(GEN_AI_PROMPT_NAME) : tool;
  }

  @Override
  McpCall create(Started started) {
    McpCall call = new McpCall(started, server);
    call.writeArguments(arguments);
    return call;
  }
}
