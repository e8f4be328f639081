package dev.tallyspan.langchain4j;

import static java.util.Objects.requireNonNull;

import dev.langchain4j.agentic.observability.AgentListener;
import dev.tallyspan.api.GenAi;

/**
 * Traces agents of {@code langchain4j-agentic}: each invocation of an agent or workflow becomes a
 * span below that of the agent it belongs to, each tool a span below its agent.
 *
 * <pre>{@code
 * AgenticServices.sequenceBuilder().subAgents(writer, editor)
 *     .listener(TallyspanAgentic.agentListener(genAi)).build();
 * }</pre>
 */
public final class TallyspanAgentic {

  private TallyspanAgentic() {}

  /**
   * Creates a listener.
   *
   * @param genAi writes the spans; one that is a no-op makes the result one too
   * @return a listener for an agent and the agents below it
   * @throws NullPointerException if {@code genAi} is null
   */
  public static AgentListener agentListener(GenAi genAi) {
    return new TracingAgentListener(requireNonNull(genAi, "genAi"));
  }
}
