package dev.tallyspan.api;

import dev.tallyspan.api.ContentCapture.Kind;
import dev.tallyspan.semconv.GenAiAttributes;
import dev.tallyspan.semconv.ValueSupport;
import io.opentelemetry.api.common.Value;
import org.jspecify.annotations.Nullable;

/** A request or notification of the Model Context Protocol that has started. */
public final class McpCall extends Operation<McpCall> {

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

  /** Sets the result of a tool: text, or JSON. */
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

  /** Records that the result of a tool says that it failed ({@code isError}). */
  public McpCall toolFailed() {
    return fail("tool_error");
  }

  /** Sets the session that was established. */
  public McpCall session(@Nullable String id) {
    return attribute(GenAiAttributes.MCP_SESSION_ID, id);
  }

  @Override
  void measure(Instruments instruments, double seconds) {
    instruments.mcp(seconds, server, facts, context());
  }
}
