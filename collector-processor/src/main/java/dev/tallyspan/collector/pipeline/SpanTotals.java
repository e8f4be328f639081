package dev.tallyspan.collector.pipeline;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.TallyspanAttributes;
import io.opentelemetry.api.common.AttributeKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sums over a span and its descendants, whether the span itself is about an LLM or not.
 *
 * @param item the index among all spans of the request, from 0
 * @param sums of the billed calls
 * @param trace about the whole trace; null unless the span is its root
 */
public record SpanTotals(int item, Sums sums, @Nullable Trace trace) {

  /**
   * The sums of billed calls.
   *
   * @param cost in {@code currency}; 0 if no call has a cost
   * @param currency ISO 4217; null if no call has a cost, or if they are in several currencies
   * @param input tokens, including cache reads and cache writes
   * @param output tokens, including reasoning
   * @param cacheRead input tokens read from caches
   * @param calls the number of calls
   * @param unpriced how many of them have no cost, or only a lower bound
   * @param errors the number of failed operations about LLMs
   */
  public record Sums(
      double cost,
      @Nullable String currency,
      long input,
      long output,
      long cacheRead,
      long calls,
      long unpriced,
      long errors) {}

  /**
   * What took part in a trace.
   *
   * @param models of the billed calls, sorted
   * @param services with spans about LLMs, sorted
   * @param llmTimeShare the share of LLM calls in the critical path, 0 to 1; null if not known
   * @param timeToFirstChunk seconds from the start of the root; null if not known
   */
  public record Trace(
      List<String> models,
      List<String> services,
      @Nullable Double llmTimeShare,
      @Nullable Double timeToFirstChunk) {

    public Trace {
      models = List.copyOf(models);
      services = List.copyOf(services);
    }
  }

  public SpanTotals {
    requireNonNull(sums, "sums");
  }

  /** Returns the same totals at another position, in a request that has only some of the spans. */
  public SpanTotals at(int position) {
    return new SpanTotals(position, sums, trace);
  }

  /** The attribute by which a span shows that it has its totals. */
  public static String marker() {
    return TallyspanAttributes.TALLYSPAN_ROLLUP_CALLS.getKey();
  }

  /** Writes the totals as attributes. Next to the number of calls, what is absent is zero. */
  public void render(AttributeEdits edits) {
    if (sums.currency != null) {
      edits.set(TallyspanAttributes.TALLYSPAN_ROLLUP_COST.getKey(), sums.cost);
      edits.set(TallyspanAttributes.TALLYSPAN_ROLLUP_CURRENCY.getKey(), sums.currency);
    }
    edits.set(TallyspanAttributes.TALLYSPAN_ROLLUP_CALLS.getKey(), sums.calls);
    setUnlessZero(TallyspanAttributes.TALLYSPAN_ROLLUP_INPUT_TOKENS, sums.input, edits);
    setUnlessZero(TallyspanAttributes.TALLYSPAN_ROLLUP_OUTPUT_TOKENS, sums.output, edits);
    setUnlessZero(TallyspanAttributes.TALLYSPAN_ROLLUP_CACHE_READ_TOKENS, sums.cacheRead, edits);
    setUnlessZero(TallyspanAttributes.TALLYSPAN_ROLLUP_UNPRICED_CALLS, sums.unpriced, edits);
    setUnlessZero(TallyspanAttributes.TALLYSPAN_ROLLUP_ERRORS, sums.errors, edits);
    if (trace != null) {
      if (!trace.models.isEmpty()) {
        edits.set(TallyspanAttributes.TALLYSPAN_TRACE_MODELS.getKey(), trace.models);
      }
      if (!trace.services.isEmpty()) {
        edits.set(TallyspanAttributes.TALLYSPAN_TRACE_SERVICES.getKey(), trace.services);
      }
      if (trace.llmTimeShare != null) {
        edits.set(
            TallyspanAttributes.TALLYSPAN_TRACE_LLM_TIME_SHARE.getKey(),
            trace.llmTimeShare.doubleValue());
      }
      if (trace.timeToFirstChunk != null) {
        edits.set(
            TallyspanAttributes.TALLYSPAN_TRACE_TIME_TO_FIRST_CHUNK.getKey(),
            trace.timeToFirstChunk.doubleValue());
      }
    }
  }

  private static void setUnlessZero(AttributeKey<Long> key, long count, AttributeEdits edits) {
    if (count > 0) {
      edits.set(key.getKey(), count);
    }
  }
}
