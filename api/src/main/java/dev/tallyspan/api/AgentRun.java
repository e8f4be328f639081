package dev.tallyspan.api;

import dev.tallyspan.api.ContentCapture.Kind;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.context.Context;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An agent that runs. Its model calls and tools are spans of their own, below it. */
public final class AgentRun extends Operation<AgentRun> {

  private final @Nullable AgentContext agent;

  /**
   * @param agent null if the agent runs elsewhere
   */
  AgentRun(OperationBuilder.Started started, @Nullable AgentContext agent) {
    super(started, context(started, agent));
    this.agent = agent;
  }

  private static Context context(OperationBuilder.Started started, @Nullable AgentContext agent) {
    Context context = started.parent().with(started.span());
    return agent == null ? context : agent.storeIn(context);
  }

  void writeInput(List<MessagePart> system, List<Message> input) {
    record(
        () ->
            tracing
                .content()
                .parts(
                    span,
                    "gen_ai.system_instructions",
                    Kind.SYSTEM_INSTRUCTIONS,
                    List.copyOf(system)));
    record(
        () ->
            tracing
                .content()
                .messages(span, "gen_ai.input.messages", Kind.INPUT_MESSAGES, List.copyOf(input)));
  }

  /**
   * Sets the messages that the agent returns.
   *
   * @param messages replace those that were set before; null elements are left out
   * @return this
   */
  public AgentRun output(@Nullable Message @Nullable ... messages) {
    return messages == null ? this : output(Arrays.asList(messages));
  }

  /**
   * Sets the messages that the agent returns.
   *
   * @param messages replace those that were set before; null elements are left out
   * @return this
   */
  public AgentRun output(@Nullable Collection<? extends @Nullable Message> messages) {
    return record(
        () -> {
          if (messages != null) {
            writeOutput(this, messages);
          }
        });
  }

  static void writeOutput(
      Operation<?> operation, Collection<? extends @Nullable Message> messages) {
    operation
        .tracing
        .content()
        .messages(
            operation.span,
            "gen_ai.output.messages",
            Kind.OUTPUT_MESSAGES,
            messages.stream()
                .filter(Objects::nonNull)
                .map(it -> it.finishReason() == null ? it.withFinishReason("stop") : it)
                .toList());
  }

  /**
   * Sets the token counts that a remote agent reports. Do not set those of calls that have spans of
   * their own: Tallyspan sums them.
   *
   * @param counts of the whole run
   * @return this
   */
  public AgentRun usage(@Nullable TokenUsage counts) {
    return record(
        () -> {
          if (counts != null) {
            write(counts);
          }
        });
  }

  /**
   * Sets the token counts that a remote agent reports.
   *
   * @param counts a builder, which is built at once
   * @return this
   */
  public AgentRun usage(TokenUsage.@Nullable Builder counts) {
    return counts == null ? this : usage(counts.build());
  }

  /**
   * Sets the id that a remote agent has.
   *
   * @param id as the provider gives it
   * @return this
   */
  public AgentRun id(@Nullable String id) {
    return record(() -> set(Slot.AGENT_ID, id));
  }

  /**
   * Sets the conversation that the agent created or continued.
   *
   * @param id as the provider gives it
   * @return this
   */
  public AgentRun conversation(@Nullable String id) {
    return record(() -> set(Slot.CONVERSATION_ID, id));
  }

  @Override
  void measure(Instruments instruments, double seconds) {
    if (agent == null) {
      instruments.operation(seconds, facts, context());
    } else {
      instruments.agent(seconds, agent, facts, context());
    }
  }
}
