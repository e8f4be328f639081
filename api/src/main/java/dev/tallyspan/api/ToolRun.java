package dev.tallyspan.api;

import dev.tallyspan.api.ContentCapture.Kind;
import dev.tallyspan.semconv.ValueSupport;
import io.opentelemetry.api.common.Value;
import org.jspecify.annotations.Nullable;

/** A tool that runs. */
public final class ToolRun extends Operation<ToolRun> {

  ToolRun(OperationBuilder.Started started) {
    super(started, started.parent().with(started.span()));
    AgentContext agent = AgentContext.from(started.parent());
    if (agent != null) {
      agent.addToolCall();
    }
  }

  void writeArguments(@Nullable Value<?> arguments) {
    record(
        () ->
            tracing
                .content()
                .value(span, "gen_ai.tool.call.arguments", Kind.TOOL_ARGUMENTS, arguments));
  }

  /** Sets the result: text, or JSON. */
  public ToolRun result(@Nullable String result) {
    return result == null ? this : record(() -> writeResult(ValueSupport.fromJson(result)));
  }

  /** Sets the result. */
  public ToolRun result(@Nullable Value<?> result) {
    return record(() -> writeResult(result));
  }

  private void writeResult(@Nullable Value<?> result) {
    tracing.content().value(span, "gen_ai.tool.call.result", Kind.TOOL_RESULT, result);
  }

  @Override
  void measure(Instruments instruments, double seconds) {
    instruments.tool(seconds, facts, context());
  }
}
