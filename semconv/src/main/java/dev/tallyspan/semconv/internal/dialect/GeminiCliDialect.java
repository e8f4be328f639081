package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.span.Slot;
import java.util.List;

/**
 * Google's Gemini CLI: the conventions' keys, with messages in Gemini's shape and steps of its own
 * among the operations.
 */
final class GeminiCliDialect implements Dialect {

  private static final String OPERATION = "gen_ai.operation.name";

  /** What the program does between calls. */
  private static final List<String> STEPS =
      List.of("user_prompt", "system_prompt", "schedule_tool_calls");

  @Override
  public String id() {
    return "gemini-cli";
  }

  @Override
  public CacheCounts cacheCounts() {
    return CacheCounts.ADDED;
  }

  @Override
  public List<String> markers() {
    return List.of("gen_ai.");
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    return span.isScope("gemini-cli") || "gemini-cli".equals(span.text("gen_ai.agent.name"));
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    if (STEPS.contains(String.valueOf(span.text(OPERATION)))) {
      out.withdraw(Slot.OPERATION);
      out.withoutOperation();
    } else if (out.has(Slot.REQUEST_MODEL)) {
      out.infer(Slot.PROVIDER, "gcp.gen_ai", "calls one of Google's APIs");
    }
  }
}
