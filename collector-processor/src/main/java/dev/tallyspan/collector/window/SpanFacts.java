package dev.tallyspan.collector.window;

import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import org.jspecify.annotations.Nullable;

/**
 * What the rules need to know about a span that is about an LLM. Small, and without content, so
 * that it can be remembered after the span has been forwarded.
 *
 * @param operation {@code gen_ai.operation.name}; null if not known
 * @param billing how the span is billed
 * @param processed whether Tallyspan has processed the span before
 * @param doubted whether it then found that another span may describe the same call
 * @param scope the name of the instrumentation scope
 * @param service the name of the service; empty if not known
 * @param model the requested model, or else that of the response; null if not known
 * @param responseModel the model of the response, or else the requested one; null if not known
 * @param responseId null if not known
 * @param input tokens; {@link TokenUsage#UNKNOWN} if not reported
 * @param output tokens; {@link TokenUsage#UNKNOWN} if not reported
 * @param cacheRead tokens; 0 if not known
 * @param cacheWrite tokens; 0 if not known
 * @param reasoning tokens; 0 if not known
 * @param detail how many kinds of tokens and fees the span distinguishes
 * @param status of the cost
 * @param cost 0 if there is no total
 * @param currency null if there is no total
 * @param failed whether the operation failed
 * @param fromProvidersSdk whether the provider's own SDK wrote the span
 * @param timeToFirstChunk seconds; {@link Double#NaN} if not known
 */
record SpanFacts(
    @Nullable String operation,
    Billing billing,
    boolean processed,
    boolean doubted,
    String scope,
    String service,
    @Nullable String model,
    @Nullable String responseModel,
    @Nullable String responseId,
    long input,
    long output,
    long cacheRead,
    long cacheWrite,
    long reasoning,
    int detail,
    Cost.Status status,
    double cost,
    @Nullable String currency,
    boolean failed,
    boolean fromProvidersSdk,
    double timeToFirstChunk) {

  static SpanFacts of(SpanRecord span) {
    LlmSpan llm = span.llm();
    TokenUsage usage = llm.usage();
    boolean reported = usage != null && usage.source() != TokenUsage.Source.ESTIMATED;
    String requested = llm.requestModel();
    String answered = llm.responseModel();
    Double total = span.cost().total();
    Double firstChunk = llm.timeToFirstChunk();
    return new SpanFacts(
        llm.operation(),
        llm.billing(),
        llm.alreadyProcessed(),
        llm.alreadyProcessed() && span.cost().possibleDuplicateOf() != null,
        span.scopeName(),
        span.serviceName(),
        requested == null ? answered : requested,
        answered == null ? requested : answered,
        llm.responseId(),
        usage == null || !reported ? TokenUsage.UNKNOWN : usage.input(),
        usage == null || !reported ? TokenUsage.UNKNOWN : usage.output(),
        usage == null ? 0 : Math.max(0, usage.cacheRead()),
        usage == null ? 0 : Math.max(0, usage.cacheWrite()),
        usage == null ? 0 : Math.max(0, usage.reasoning()),
        detail(llm, usage),
        span.cost().status(),
        total == null ? 0 : total,
        span.cost().currency(),
        llm.errorType() != null,
        llm.dialects().contains("anthropic-sdk"),
        firstChunk == null ? Double.NaN : firstChunk);
  }

  private static int detail(LlmSpan llm, @Nullable TokenUsage usage) {
    if (usage == null) {
      return 0;
    }
    return some(usage.cacheRead())
        + some(usage.cacheWrite())
        + some(usage.cacheWrite5m())
        + some(usage.cacheWrite1h())
        + some(usage.reasoning())
        + some(usage.inputModalities().audio())
        + some(usage.inputModalities().image())
        + some(usage.outputModalities().audio())
        + some(usage.outputModalities().image())
        + some(llm.webSearches())
        + some(llm.sideUsages().size());
  }

  private static int some(long count) {
    return count > 0 ? 1 : 0;
  }

  /** Returns the same facts, billed in another way. */
  SpanFacts billed(SpanRecord changed) {
    Double total = changed.cost().total();
    return billed(
        changed.llm().billing(),
        changed.cost().status(),
        total == null ? 0 : total,
        changed.cost().currency());
  }

  /** Returns the same facts, billed in another way, with the cost that the span had. */
  SpanFacts billed(Billing other) {
    return billed(other, status, cost, currency);
  }

  private SpanFacts billed(
      Billing otherBilling,
      Cost.Status otherStatus,
      double otherCost,
      @Nullable String otherCurrency) {
    return new SpanFacts(
        operation,
        otherBilling,
        processed,
        doubted,
        scope,
        service,
        model,
        responseModel,
        responseId,
        input,
        output,
        cacheRead,
        cacheWrite,
        reasoning,
        detail,
        otherStatus,
        otherCost,
        otherCurrency,
        failed,
        fromProvidersSdk,
        timeToFirstChunk);
  }

  boolean isCall() {
    return billing == Billing.CALL;
  }

  boolean hasTokens() {
    return input > 0 || output > 0;
  }

  /**
   * Whether the span is a step of an agent, such as a tool, which is not a call but contains calls.
   */
  boolean isStep() {
    return !isCall() && !Operations.isCall(operation);
  }

  /**
   * The kind of call: spans of different kinds cannot describe the same call. An operation that the
   * conventions do not define may be a chat.
   */
  String kind() {
    return operation == null || !Operations.isCall(operation) || isGeneration(operation)
        ? Operations.CHAT
        : operation;
  }

  private static boolean isGeneration(String operation) {
    return operation.equals(Operations.TEXT_COMPLETION) || operation.equals("generate_content");
  }
}
