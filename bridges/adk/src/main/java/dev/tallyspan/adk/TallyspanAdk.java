package dev.tallyspan.adk;

import static java.util.Objects.requireNonNull;

import com.google.adk.plugins.Plugin;
import dev.tallyspan.api.GenAi;

/**
 * Completes the spans that Google's Agent Development Kit (ADK) for Java writes.
 *
 * <pre>{@code
 * Runner runner = Runner.builder().agent(agent).appName("travel").plugins(TallyspanAdk.plugin(genAi)).build();
 * }</pre>
 *
 * <p>ADK writes a span for each invocation, agent, model call and tool, with the global
 * OpenTelemetry instance. The plugin adds attributes to them and starts none of its own. Names,
 * messages and token counts of the GenAI conventions, and costs, are what Tallyspan's SDK extension
 * and collector make of these spans.
 */
public final class TallyspanAdk {

  private TallyspanAdk() {}

  /**
   * Creates a plugin.
   *
   * @param genAi knows the identity of callers and counts failures; the spans are ADK's
   * @return a plugin for one or more runners, which does not change what ADK does
   * @throws NullPointerException if {@code genAi} is null
   */
  public static Plugin plugin(GenAi genAi) {
    return new EnrichingPlugin(requireNonNull(genAi, "genAi"));
  }
}
