package dev.tallyspan.api;

import dev.tallyspan.api.ContentCapture.Kind;
import dev.tallyspan.semconv.GenAiAttributes;
import dev.tallyspan.semconv.ValueSupport;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.StatusCode;
import org.jspecify.annotations.Nullable;

/** A request or notification of the Model Context Protocol that has started. */
public final class McpCall extends Operation<McpCall> {

  static final AttributeKey<String> RPC_RESPONSE_STATUS_CODE =
      AttributeKey.stringKey("rpc.response.status_code");

  private final boolean server;

  McpCall(OperationBuilder.Started started, boolean server) {
    super(started, started.parent().with(started.span()));
    this.server = server;
  }

  void writeArguments(@Nullable Value<?> arguments) {
    record(
        () ->
            tracing
                .content()
                .value(span, "gen_ai.tool.call.arguments", Kind.TOOL_ARGUMENTS, arguments));
  }

  /**
   * Sets the result of a tool: text, or JSON.
   *
   * @param result which is content, see {@link ContentCapture.Kind#TOOL_RESULT}
   * @return this
   */
  public McpCall result(@Nullable String result) {
    return record(
        () -> {
          if (result != null) {
            tracing
                .content()
                .value(
                    span,
                    "gen_ai.tool.call.result",
                    Kind.TOOL_RESULT,
                    ValueSupport.fromJson(result));
          }
        });
  }

  /**
   * Records that the answer was an error.
   *
   * @param code of the JSON-RPC error
   * @param message of the JSON-RPC error, which may be content, see {@link
   *     ContentCapture.Kind#EXCEPTION}; null if it has none
   * @return this
   */
  public McpCall rpcError(int code, @Nullable String message) {
    return record(
        () -> {
          String errorType = Integer.toString(code);
          facts.put(RPC_RESPONSE_STATUS_CODE, errorType, span);
          failed(errorType, "");
          String description = tracing.content().text(Kind.EXCEPTION, message);
          if (description != null) {
            span.setStatus(StatusCode.ERROR, description);
          }
        });
  }

  /**
   * Records that the result of a tool says that it failed ({@code isError}).
   *
   * @return this
   */
  public McpCall toolFailed() {
    return fail("tool_error");
  }

  /**
   * Sets the session that was established.
   *
   * @param id as the server gave it; null is ignored
   * @return this
   */
  public McpCall session(@Nullable String id) {
    return attribute(GenAiAttributes.MCP_SESSION_ID, id);
  }

  @Override
  void measure(Instruments instruments, double seconds) {
    instruments.mcp(seconds, server, facts, context());
  }
}
