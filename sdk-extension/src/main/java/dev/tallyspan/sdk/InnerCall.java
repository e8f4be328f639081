package dev.tallyspan.sdk;

import dev.tallyspan.enrichment.Enriched;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A billed call, as far as it is needed to tell whether a span around it describes the same call: a
 * framework and the client that it uses may both be instrumented. These are the collector's rules,
 * less those that need more than the spans inside.
 *
 * @param spanId of the call
 * @param kind of operation; calls of different kinds are different calls
 * @param input tokens; 0 if not known
 * @param output tokens; 0 if not known
 * @param responseId of the provider; null if not known
 */
record InnerCall(String spanId, String kind, long input, long output, @Nullable String responseId) {

  static InnerCall of(String spanId, LlmSpan llm) {
    TokenUsage usage = llm.usage();
    return new InnerCall(
        spanId,
        kind(llm.operation()),
        usage == null ? 0 : Math.max(0, usage.input()),
        usage == null ? 0 : Math.max(0, usage.output()),
        llm.responseId());
  }

  private static String kind(@Nullable String operation) {
    if (operation == null
        || !Operations.isCall(operation)
        || operation.equals(Operations.TEXT_COMPLETION)
        || operation.equals("generate_content")) {
      return Operations.CHAT;
    }
    return operation;
  }

  private boolean hasTokens() {
    return input > 0 || output > 0;
  }

  private boolean answersDiffer(InnerCall other) {
    return responseId != null && other.responseId != null && !responseId.equals(other.responseId);
  }

  /**
   * Returns a call, or what it is in view of the calls inside it: a duplicate of one of them, the
   * sum of several, or itself.
   */
  static Enriched judge(String spanId, Enriched outer, List<InnerCall> inside) {
    InnerCall call = of(spanId, outer.llm());
    List<InnerCall> inner =
        inside.stream().filter(i -> i.hasTokens() && i.kind.equals(call.kind)).toList();
    if (inner.isEmpty()) {
      return outer;
    }
    if (!call.hasTokens()) {
      if (inner.size() > 1) {
        return outer.asAggregate();
      }
      return call.answersDiffer(inner.get(0)) ? outer : outer.asDuplicateOf(inner.get(0).spanId);
    }
    for (int i = inner.size() - 1; i >= 0; i--) {
      InnerCall other = inner.get(i);
      if (call.input == other.input && call.output == other.output && !call.answersDiffer(other)) {
        return outer.asDuplicateOf(other.spanId);
      }
    }
    long input = inner.stream().mapToLong(InnerCall::input).sum();
    long output = inner.stream().mapToLong(InnerCall::output).sum();
    return inner.size() > 1 && call.input == input && call.output == output
        ? outer.asAggregate()
        : outer;
  }
}
