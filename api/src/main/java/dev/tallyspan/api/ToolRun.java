package dev.tallyspan.api;

import dev.tallyspan.api.ContentCapture.Kind;
import dev.tallyspan.semconv.GenAiAttributes;
import dev.tallyspan.semconv.ValueSupport;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import org.jspecify.annotations.Nullable;

/** A tool that runs. */
public final class ToolRun extends Operation<ToolRun> {

  private static final ContextKey<Holder> KEY = ContextKey.named("tallyspan-tool");

  /** The context of a run exists before the run. */
  private static final class Holder {
    private @Nullable ToolRun run;
  }

  private final @Nullable String name;

  ToolRun(OperationBuilder.Started started) {
    this(started, new Holder());
  }

  private ToolRun(OperationBuilder.Started started, Holder holder) {
    super(started, started.parent().with(started.span()).with(KEY, holder));
    holder.run = this;
    name = started.facts().get(GenAiAttributes.GEN_AI_TOOL_NAME);
    AgentContext agent = AgentContext.from(started.parent());
    if (agent != null) {
      agent.addToolCall();
    }
  }

  /**
   * {@return the tool that runs in a context, or null if its innermost span is not that of a tool
   * of this API} An integration that calls a tool elsewhere adds to this span in place of writing a
   * second one for the same run.
   *
   * @param context such as {@link Context#current}
   */
  public static @Nullable ToolRun from(Context context) {
    Holder holder = context.get(KEY);
    ToolRun run = holder == null ? null : holder.run;
    return run != null && Span.fromContext(context) == run.span() ? run : null;
  }

  /** {@return the name of the tool; null if it is not known} */
  public @Nullable String name() {
    return name;
  }

  void writeArguments(@Nullable Value<?> arguments) {
    record(
        () ->
            tracing
                .content()
                .value(span, "gen_ai.tool.call.arguments", Kind.TOOL_ARGUMENTS, arguments));
  }

  /**
   * Sets the result: text, or JSON.
   *
   * @param result which is content, see {@link ContentCapture.Kind#TOOL_RESULT}
   * @return this
   */
  public ToolRun result(@Nullable String result) {
    return result == null ? this : record(() -> writeResult(ValueSupport.fromJson(result)));
  }

  /**
   * Sets the result.
   *
   * @param result which is content, see {@link ContentCapture.Kind#TOOL_RESULT}
   * @return this
   */
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
