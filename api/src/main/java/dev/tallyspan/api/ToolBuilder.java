package dev.tallyspan.api;

import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_TOOL_NAME;

import dev.tallyspan.semconv.GenAiSpanType;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.ValueSupport;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.Value;
import org.jspecify.annotations.Nullable;

/** A tool that is about to run. See {@link GenAi#tool}. */
public final class ToolBuilder extends OperationBuilder<ToolBuilder, ToolRun> {

  private @Nullable Value<?> arguments;

  ToolBuilder(Tracing tracing, @Nullable String name) {
    super(tracing);
    // Required by the conventions.
    set(GEN_AI_TOOL_NAME, name == null || name.isBlank() ? "unknown" : name);
  }

  /**
   * Sets the id of the call, as the model gave it.
   *
   * @param id which links the run to the call in the messages of the model
   * @return this
   */
  public ToolBuilder callId(@Nullable String id) {
    return set(Slot.TOOL_CALL_ID, id);
  }

  /**
   * Sets the type: {@code function}, {@code extension}, {@code datastore}.
   *
   * @param type one of these, or another one
   * @return this
   */
  public ToolBuilder type(@Nullable String type) {
    return set(Slot.TOOL_TYPE, type);
  }

  /**
   * Sets what the tool does.
   *
   * @param description as the model gets it; null is ignored
   * @return this
   */
  public ToolBuilder description(@Nullable String description) {
    return set(Slot.TOOL_DESCRIPTION, description);
  }

  /**
   * Sets the agent that the tool belongs to. Default: the agent that it runs in.
   *
   * @param name of the agent; null keeps the default
   * @return this
   */
  public ToolBuilder agent(@Nullable String name) {
    return set(Slot.AGENT_NAME, name);
  }

  /**
   * Sets the arguments, usually JSON.
   *
   * @param json which is content, see {@link ContentCapture.Kind#TOOL_ARGUMENTS}; text that is not
   *     JSON is kept as text
   * @return this
   */
  public ToolBuilder arguments(@Nullable String json) {
    return json == null ? this : arguments(ValueSupport.fromJson(json));
  }

  /**
   * Sets the arguments.
   *
   * @param arguments which are content, see {@link ContentCapture.Kind#TOOL_ARGUMENTS}; null for
   *     none
   * @return this
   */
  public ToolBuilder arguments(@Nullable Value<?> arguments) {
    this.arguments = arguments;
    return this;
  }

  @Override
  GenAiSpanType type() {
    return GenAiSpanType.EXECUTE_TOOL;
  }

  @Override
  String operationName() {
    return Operations.EXECUTE_TOOL;
  }

  @Override
  ToolRun create(Started started) {
    ToolRun run = new ToolRun(started);
    run.writeArguments(arguments);
    return run;
  }
}
