package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.internal.message.Coercion;
import dev.tallyspan.semconv.internal.message.Providers;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * AWS Strands agents, on Bedrock AgentCore or elsewhere: the conventions of several years side by
 * side, the framework's name in the field of the provider, and the sum over all calls again on the
 * span of the agent.
 */
final class StrandsDialect implements Dialect {

  private static final List<Rename<?>> RENAMES =
      List.of(
          Rename.of("gen_ai.server.time_to_first_token", Slot.TIME_TO_FIRST_CHUNK, Coercion.MILLIS),
          Rename.of("session.id", Slot.CONVERSATION_ID),
          Rename.of("agent.name", Slot.AGENT_NAME),
          // before 1.0
          Rename.of("model_id", Slot.REQUEST_MODEL),
          Rename.of("tool.name", Slot.TOOL_NAME),
          Rename.of("tool.id", Slot.TOOL_CALL_ID),
          Rename.of("tool.parameters", Slot.TOOL_CALL_ARGUMENTS),
          Rename.of("tool.result", Slot.TOOL_CALL_RESULT));

  @Override
  public String id() {
    return "strands";
  }

  @Override
  public CacheCounts cacheCounts() {
    return CacheCounts.ADDED;
  }

  @Override
  public List<String> markers() {
    return List.of("gen_ai.", "event_loop.", "agent_loop.");
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    return isStrands(span.text("gen_ai.system"))
        || isStrands(span.text("gen_ai.provider.name"))
        || span.isScope("strands.telemetry")
        || span.isScope("strands-agents")
        || span.hasAny("event_loop.cycle_id", "agent_loop.cycle_id", "gen_ai.event.start_time");
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    String name = span.name();
    if (!out.has(Slot.OPERATION)) {
      // Before 1.0, only the names identify the spans.
      if (name.startsWith("Model invoke")) {
        out.infer(Slot.OPERATION, Operations.CHAT, "span name");
      } else if (name.startsWith("Tool: ")) {
        out.infer(Slot.OPERATION, Operations.EXECUTE_TOOL, "span name");
      } else if (name.startsWith("Cycle") || name.endsWith("_loop_cycle")) {
        out.withoutOperation();
      } else if (out.has(Slot.AGENT_NAME)) {
        out.infer(Slot.OPERATION, Operations.INVOKE_AGENT, "has an agent's name");
      }
    }
    if (Providers.known(out.text(Slot.PROVIDER)) == null) {
      out.withdraw(Slot.PROVIDER); // TypeScript's names the service there
    }
    out.infer(Slot.PROVIDER, Providers.ofModel(out.text(Slot.REQUEST_MODEL)), "model");
    if (Operations.isCall(out.text(Slot.OPERATION))) {
      ModelFamilies.inferProvider(out); // the framework's name is in the attribute for the provider
    }
  }

  private static boolean isStrands(@Nullable String provider) {
    return provider != null && provider.replace('_', '-').startsWith("strands-agents");
  }
}
