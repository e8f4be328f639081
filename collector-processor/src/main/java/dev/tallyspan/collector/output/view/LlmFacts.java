package dev.tallyspan.collector.output.view;

import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The facts of an LLM span that the viewer shows. Unknown texts are empty, unknown counts 0.
 *
 * @param operation {@code gen_ai.operation.name}
 * @param model the requested model, or else the one that answered
 * @param dialect the strongest dialect on the span; empty if it is the current conventions
 * @param inputTokens including those read from a cache and written to one
 * @param timeToFirstChunk seconds
 * @param cost null if the span is not about an LLM
 */
public record LlmFacts(
    String operation,
    String provider,
    String model,
    String toolName,
    String dialect,
    long inputTokens,
    long cachedTokens,
    long cacheWriteTokens,
    long outputTokens,
    long reasoningTokens,
    double timeToFirstChunk,
    @Nullable Cost cost,
    Content content) {

  /** The facts of a span that is not about an LLM. */
  public static final LlmFacts NONE =
      new LlmFacts("", "", "", "", "", 0, 0, 0, 0, 0, 0, /* cost= */ null, Content.NONE);

  private static final Set<String> MODEL_CALLS =
      Set.of("chat", "generate_content", "text_completion", "embeddings");

  private static final String CONVENTIONS = "otel";

  static LlmFacts of(SpanRecord record, SpanView span) {
    LlmSpan llm = record.llm();
    TokenUsage usage = llm.usage();
    String strongest = llm.dialects().isEmpty() ? CONVENTIONS : llm.dialects().get(0);
    return new LlmFacts(
        orEmpty(llm.operation()),
        orEmpty(llm.provider()),
        orEmpty(llm.requestModel() != null ? llm.requestModel() : llm.responseModel()),
        orEmpty(llm.toolName()),
        strongest.equals(CONVENTIONS) ? "" : strongest,
        usage == null ? 0 : known(usage.input()),
        usage == null ? 0 : known(usage.cacheRead()),
        usage == null ? 0 : known(usage.cacheWrite()),
        usage == null ? 0 : known(usage.output()),
        usage == null ? 0 : known(usage.reasoning()),
        llm.timeToFirstChunk() == null ? 0 : llm.timeToFirstChunk(),
        record.cost(),
        Content.of(llm, span));
  }

  boolean isAgent() {
    return operation.equals("invoke_agent") || operation.equals("invoke_workflow");
  }

  /** Whether the span is one call of a model, billed or not. */
  boolean isModelCall() {
    if (cost == null || is(Cost.Status.DUPLICATE) || is(Cost.Status.AGGREGATE)) {
      return false;
    }
    return cost.total() != null || is(Cost.Status.UNPRICED) || MODEL_CALLS.contains(operation);
  }

  boolean is(Cost.Status status) {
    return cost != null && cost.status() == status;
  }

  /** Returns the exact cost of this span only; null if it has none. */
  @Nullable BigDecimal amount() {
    return cost == null || cost.total() == null ? null : new BigDecimal(cost.totalExact());
  }

  /** Returns the currency of {@link #amount}; empty if there is none. */
  String currency() {
    return cost == null ? "" : orEmpty(cost.currency());
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static long known(long count) {
    return count == TokenUsage.UNKNOWN ? 0 : count;
  }
}
