package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;

/**
 * Spans of OpenLIT: the conventions, and what it makes of them. On a chat it writes the tool calls
 * of the answer, joined by commas, where the conventions have the one tool that a span runs. Its
 * cost is its own estimate, which takes no account of cache tokens.
 *
 * <p>The resource is not asked: it also stands over spans that others write in the same process,
 * whose counts mean something else.
 */
final class OpenLitDialect implements Dialect {

  private static final List<Rename<?>> RENAMES =
      List.of(
          Rename.of("gen_ai.llm.provider", Slot.PROVIDER),
          Rename.of("gen_ai.llm.model", Slot.REQUEST_MODEL),
          Rename.of("gen_ai.tool.args", Slot.TOOL_CALL_ARGUMENTS),
          Rename.of("gen_ai.client.token.usage", Slot.TOTAL_TOKENS));

  @Override
  public String id() {
    return "openlit";
  }

  @Override
  public CacheCounts cacheCounts() {
    return CacheCounts.COPIED;
  }

  @Override
  public List<String> markers() {
    return List.of("gen_ai.", "openlit.");
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    return "openlit".equals(span.text("telemetry.sdk.name"))
        || span.hasPrefix("openlit.")
        || span.isScope("openlit")
        || span.has("gen_ai.client.token.usage")
        || span.has("gen_ai.usage.cost") && span.has("gen_ai.application_name");
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    String operation = out.text(Slot.OPERATION);
    boolean tool = Operations.EXECUTE_TOOL.equals(operation);
    if (operation != null && !tool) {
      out.withdraw(Slot.TOOL_NAME);
      out.withdraw(Slot.TOOL_CALL_ID);
      out.withdraw(Slot.TOOL_CALL_ARGUMENTS);
    }
    if (out.count(Slot.CACHE_READ_TOKENS) > 0 || out.count(Slot.CACHE_WRITE_TOKENS) > 0) {
      out.withdrawReportedCost();
    }
  }
}
