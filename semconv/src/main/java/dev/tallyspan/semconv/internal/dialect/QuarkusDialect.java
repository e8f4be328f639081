package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.internal.message.Coercion;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;

/**
 * Quarkus LangChain4j: the provider is an enum's name in lower case, and a temperature or top_p
 * that was not set is written as zero. A top_p of zero is meaningless, so it is ignored; a
 * temperature of zero may be intended.
 */
final class QuarkusDialect implements Dialect {

  private static final String TOP_P = "gen_ai.request.top_p";
  private static final String TOOL_SPAN = "langchain4j.tools.";

  @Override
  public String id() {
    return "quarkus";
  }

  @Override
  public CacheCounts cacheCounts() {
    return CacheCounts.COPIED;
  }

  @Override
  public List<String> markers() {
    return List.of("gen_ai.");
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    if (span.has("gen_ai.client.estimated_cost")) {
      return true;
    }
    boolean ours = span.isScope("io.quarkus") || span.isScope("io.quarkiverse");
    return ours && span.hasPrefix("gen_ai.")
        || span.name().startsWith("completion ") && span.has("gen_ai.request.model")
        || span.name().startsWith(TOOL_SPAN);
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    Double topP = Coercion.POSITIVE.apply(span.get(TOP_P));
    if (topP != null && topP == 0) {
      out.withdraw(Slot.TOP_P);
    }
    if (span.name().startsWith(TOOL_SPAN)) {
      out.infer(Slot.OPERATION, Operations.EXECUTE_TOOL, "span name");
      out.infer(Slot.TOOL_NAME, span.name().substring(TOOL_SPAN.length()), "span name");
    }
  }
}
