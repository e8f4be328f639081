package dev.tallyspan.collector.window;

import dev.tallyspan.collector.flow.InternalFault;
import dev.tallyspan.collector.pipeline.Verdict;
import dev.tallyspan.collector.wire.TraceId;
import dev.tallyspan.semconv.Billing;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides, by the rules of the window, which of the spans of a trace describe one call, from what
 * is kept of spans that arrived in different requests. Prices nothing.
 */
public final class KeptCalls {

  /** Which one it is does not matter: all spans are of one trace. */
  private static final TraceId TRACE = new TraceId(0, 1);

  private KeptCalls() {}

  /**
   * A span of a trace.
   *
   * @param spanId 16 hexadecimal digits; anything else = none
   * @param parentSpanId the same
   * @param start nanoseconds since the epoch; 0 if unknown
   * @param end nanoseconds since the epoch; 0 if unknown
   * @param call null if the span is not about an LLM
   */
  public record Span(
      String spanId, String parentSpanId, long start, long end, @Nullable KeptCall call) {}

  /**
   * What was decided about a span.
   *
   * @param billing how the span is billed
   * @param verdict what decided it
   */
  public record Decision(Billing billing, Verdict verdict) {}

  /**
   * Decides about the spans of one trace.
   *
   * @return for each span, what was decided; null if nothing, so that it says itself how it is
   *     billed
   */
  public static List<@Nullable Decision> decide(List<Span> trace) {
    List<TraceSpan> spans = new ArrayList<>(trace.size());
    for (Span span : trace) {
      KeptCall call = span.call();
      spans.add(
          new TraceSpan(
              TRACE,
              id(span.spanId()),
              id(span.parentSpanId()),
              span.start(),
              span.end(),
              call == null ? 0 : call.kind,
              spans.size(),
              call == null ? null : call.facts));
    }
    List<@Nullable Decision> decisions = new ArrayList<>(trace.size());
    try {
      CallRules.decide(spans, /* whole= */ false, Set.of());
      for (TraceSpan span : spans) {
        decisions.add(
            span.verdict == null ? null : new Decision(span.facts().billing(), span.verdict));
      }
    } catch (RuntimeException | StackOverflowError e) {
      InternalFault.log("the decision about a trace in the viewer", e);
      decisions.clear();
      trace.forEach(span -> decisions.add(null));
    }
    return decisions;
  }

  private static long id(String hex) {
    if (hex.length() != 16) {
      return 0;
    }
    try {
      return Long.parseUnsignedLong(hex, 16);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
