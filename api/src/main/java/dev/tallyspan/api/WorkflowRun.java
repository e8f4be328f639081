package dev.tallyspan.api;

import dev.tallyspan.api.ContentCapture.Kind;
import dev.tallyspan.semconv.Message;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A workflow that runs. */
public final class WorkflowRun extends Operation<WorkflowRun> {

  WorkflowRun(OperationBuilder.Started started) {
    super(started, started.parent().with(started.span()));
  }

  void writeInput(List<Message> input) {
    record(
        () ->
            tracing
                .content()
                .messages(span, "gen_ai.input.messages", Kind.INPUT_MESSAGES, List.copyOf(input)));
  }

  /**
   * Sets the messages that the workflow returns.
   *
   * @param messages replace those that were set before; null elements are left out
   * @return this
   */
  public WorkflowRun output(@Nullable Message @Nullable ... messages) {
    return messages == null ? this : output(Arrays.asList(messages));
  }

  /**
   * Sets the messages that the workflow returns.
   *
   * @param messages replace those that were set before; null elements are left out
   * @return this
   */
  public WorkflowRun output(@Nullable Collection<? extends @Nullable Message> messages) {
    return record(
        () -> {
          if (messages != null) {
            AgentRun.writeOutput(this, messages);
          }
        });
  }

  @Override
  void measure(Instruments instruments, double seconds) {
    instruments.workflow(seconds, facts, context());
  }
}
