package dev.tallyspan.api;

import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_AGENT_NAME;

import dev.tallyspan.semconv.GenAiSpanType;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.span.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An agent that is about to run. See {@link GenAi#agent}. */
public final class AgentBuilder extends OperationBuilder<AgentBuilder, AgentRun> {

  private boolean remote;
  private final @Nullable String name;
  private final List<MessagePart> system = new ArrayList<>();
  private final List<Message> input = new ArrayList<>();

  AgentBuilder(Tracing tracing, @Nullable String name) {
    super(tracing);
    this.name = name;
    set(GEN_AI_AGENT_NAME, name);
  }

  /**
   * The agent runs at a provider, or in another process: its span is a call of a client.
   *
   * @param provider as in {@link GenAi#chat}
   * @return this
   */
  public AgentBuilder remote(@Nullable String provider) {
    remote = true;
    return set(Slot.PROVIDER, provider);
  }

  /**
   * Sets the id.
   *
   * @param id as the provider or the application gives it
   * @return this
   */
  public AgentBuilder id(@Nullable String id) {
    return set(Slot.AGENT_ID, id);
  }

  /**
   * Sets what the agent does.
   *
   * @param description for readers of the trace; null is ignored
   * @return this
   */
  public AgentBuilder description(@Nullable String description) {
    return set(Slot.AGENT_DESCRIPTION, description);
  }

  /**
   * Sets the version.
   *
   * @param version such as {@code 1.0.0}; null is ignored
   * @return this
   */
  public AgentBuilder version(@Nullable String version) {
    return set(Slot.AGENT_VERSION, version);
  }

  /**
   * Sets the model that the agent uses.
   *
   * @param model as requested; null is ignored
   * @return this
   */
  public AgentBuilder model(@Nullable String model) {
    return set(Slot.REQUEST_MODEL, model);
  }

  /**
   * Sets the index, collection or knowledge base that the agent uses.
   *
   * @param id as the provider or the application gives it
   * @return this
   */
  public AgentBuilder dataSource(@Nullable String id) {
    return set(Slot.DATA_SOURCE_ID, id);
  }

  /**
   * Adds instructions.
   *
   * @param instructions the text, which is content, see {@link
   *     ContentCapture.Kind#SYSTEM_INSTRUCTIONS}
   * @return this
   */
  public AgentBuilder system(@Nullable String instructions) {
    if (instructions != null) {
      system.add(new MessagePart.Text(instructions));
    }
    return this;
  }

  /**
   * Adds messages that the agent gets.
   *
   * @param messages added in order to those before; null elements are left out
   * @return this
   */
  public AgentBuilder input(@Nullable Message @Nullable ... messages) {
    return messages == null ? this : input(Arrays.asList(messages));
  }

  /**
   * Adds messages that the agent gets.
   *
   * @param messages added in order to those before; null elements are left out
   * @return this
   */
  public AgentBuilder input(@Nullable Collection<? extends @Nullable Message> messages) {
    if (messages != null) {
      messages.stream().filter(Objects::nonNull).forEach(input::add);
    }
    return this;
  }

  @Override
  GenAiSpanType type() {
    return remote ? GenAiSpanType.INVOKE_AGENT_CLIENT : GenAiSpanType.INVOKE_AGENT_INTERNAL;
  }

  @Override
  String operationName() {
    return Operations.INVOKE_AGENT;
  }

  @Override
  AgentRun create(Started started) {
    AgentRun run = new AgentRun(started, remote ? null : new AgentContext(name));
    run.writeInput(system, input);
    return run;
  }
}
