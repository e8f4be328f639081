package dev.tallyspan.collector.pipeline;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.semconv.Evaluation;
import io.opentelemetry.api.common.Attributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TraceStep} changes in a span, whether the span is about an LLM or not. Written by
 * outputs that write spans.
 *
 * @param item the index among all spans of the request, from 0
 * @param parentSpanId the parent that the span gets; 0 makes it a root; null keeps its own
 * @param traceState the W3C trace state that the span gets; null keeps its own
 * @param attributes to set; they replace attributes with the same keys
 * @param withoutUsage whether the sender's token counts and costs are removed; only for spans that
 *     are about LLMs
 * @param evaluations results that the span gets as events, in addition to those that it has
 */
public record SpanChange(
    int item,
    @Nullable Long parentSpanId,
    @Nullable String traceState,
    Attributes attributes,
    boolean withoutUsage,
    List<Evaluation> evaluations) {

  public SpanChange {
    requireNonNull(attributes, "attributes");
    evaluations = List.copyOf(evaluations);
  }

  /** Returns a change of the parent; 0 = the span becomes a root. */
  public static SpanChange ofParent(int item, long parentSpanId) {
    return new SpanChange(item, parentSpanId, null, Attributes.empty(), false, List.of());
  }

  public static SpanChange ofTraceState(int item, String traceState) {
    return new SpanChange(item, null, traceState, Attributes.empty(), false, List.of());
  }

  public static SpanChange ofAttributes(int item, Attributes attributes) {
    return new SpanChange(item, null, null, attributes, false, List.of());
  }

  /** Returns a change that removes the sender's token counts and costs. */
  public static SpanChange withoutUsage(int item) {
    return new SpanChange(item, null, null, Attributes.empty(), true, List.of());
  }

  /** Returns a change that adds an event for each result of an evaluation. */
  public static SpanChange ofEvaluations(int item, List<Evaluation> evaluations) {
    return new SpanChange(item, null, null, Attributes.empty(), false, evaluations);
  }

  /** Returns both changes of one span; where they differ, the later one counts. */
  public SpanChange and(SpanChange later) {
    List<Evaluation> both = new ArrayList<>(evaluations);
    both.addAll(later.evaluations);
    return new SpanChange(
        item,
        later.parentSpanId == null ? parentSpanId : later.parentSpanId,
        later.traceState == null ? traceState : later.traceState,
        attributes.toBuilder().putAll(later.attributes).build(),
        withoutUsage || later.withoutUsage,
        both);
  }

  /** Returns the same change at another position, in a request that has only some of the spans. */
  public SpanChange at(int position) {
    return new SpanChange(
        position, parentSpanId, traceState, attributes, withoutUsage, evaluations);
  }

  /** Leaves out the attributes, which may hold personal data. */
  @Override
  public String toString() {
    return "SpanChange[item=" + item + "]";
  }
}
