package dev.tallyspan.api;

import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_WORKFLOW_NAME;

import dev.tallyspan.semconv.GenAiSpanType;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.Operations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A workflow that is about to run. See {@link GenAi#workflow}. */
public final class WorkflowBuilder extends OperationBuilder<WorkflowBuilder, WorkflowRun> {

  private final List<Message> input = new ArrayList<>();

  WorkflowBuilder(Tracing tracing, @Nullable String name) {
    super(tracing);
    set(GEN_AI_WORKFLOW_NAME, name);
  }

  /**
   * Adds messages that the workflow gets.
   *
   * @param messages added in order to those before; null elements are left out
   * @return this
   */
  public WorkflowBuilder input(@Nullable Message @Nullable ... messages) {
    return messages == null ? this : input(Arrays.asList(messages));
  }

  /**
   * Adds messages that the workflow gets.
   *
   * @param messages added in order to those before; null elements are left out
   * @return this
   */
  public WorkflowBuilder input(@Nullable Collection<? extends @Nullable Message> messages) {
    if (messages != null) {
      messages.stream().filter(Objects::nonNull).forEach(input::add);
    }
    return this;
  }

  @Override
  GenAiSpanType type() {
    return GenAiSpanType.INVOKE_WORKFLOW;
  }

  @Override
  String operationName() {
    return Operations.INVOKE_WORKFLOW;
  }

  @Override
  WorkflowRun create(Started started) {
    WorkflowRun run = new WorkflowRun(started);
    run.writeInput(input);
    return run;
  }
}
