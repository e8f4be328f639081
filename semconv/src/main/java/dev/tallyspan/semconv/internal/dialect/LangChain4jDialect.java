package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.span.Slot;
import java.util.List;

/**
 * LangChain4j's own observations by Micrometer: the model and the provider, an enum's name, under
 * the conventions' keys; the tokens under bare ones, as text.
 */
final class LangChain4jDialect implements Dialect {

  private static final List<Rename<?>> RENAMES =
      List.of(
          Rename.of("input_tokens", Slot.INPUT_TOKENS),
          Rename.of("output_tokens", Slot.OUTPUT_TOKENS));

  @Override
  public String id() {
    return "langchain4j";
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
    return isMicrometer(span) || span.isScope("dev.langchain4j");
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  /** Whether LangChain4j's observation convention gave the span its attributes. */
  static boolean isMicrometer(IndexedSpan span) {
    return span.has("gen_ai.provider.name")
        && span.has("gen_ai.operation.name")
        && span.get("outcome").isText()
        && !span.hasPrefix("spring.ai.");
  }
}
