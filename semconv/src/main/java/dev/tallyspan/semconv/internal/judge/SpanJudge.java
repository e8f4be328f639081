package dev.tallyspan.semconv.internal.judge;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.internal.dialect.Draft;
import dev.tallyspan.semconv.internal.dialect.IndexedSpan;
import dev.tallyspan.semconv.internal.dialect.ReportedCosts;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.trace.SpanKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides what a span is after all its dialects are read. */
public final class SpanJudge {

  private SpanJudge() {}

  /**
   * @param whole whether the span is all that is known of an operation, so that more can be
   *     concluded; a single message is not
   */
  public static LlmSpan judge(IndexedSpan span, Draft draft, boolean whole) {
    UnreadCounts.take(span, draft);
    ReportedCosts.read(span, draft);
    CallFailure failure = whole ? Inference.complete(span, draft) : CallFailure.NONE;
    ProcessedBefore.check(span, draft);
    // Before parts are added to totals, since parts that a count excludes are separate here.
    draft.keepOriginalsThatAgree(/* keyClass= */ null);
    TokenUsage usage = UsageResolver.resolve(draft);
    if (usage != null) {
      UnreadCounts.findInTotal(usage, draft);
    }
    if (draft.providerUsage() != null) {
      draft.keepOriginalsThatAgree(KeyClass.USAGE); // a payload may state otherwise
    }
    boolean client = span.span().kind() == SpanKind.CLIENT;
    return draft.toSpan(
        usage,
        billing(draft, usage, failure, client),
        CacheConventions.mixesLifetimes(draft.recognised()));
  }

  private static Billing billing(
      Draft draft, @Nullable TokenUsage usage, CallFailure failure, boolean client) {
    Billing billing = draft.declaredBilling();
    if (billing == null) {
      boolean model = draft.has(Slot.REQUEST_MODEL) || draft.has(Slot.RESPONSE_MODEL);
      billing = Operations.billing(draft.text(Slot.OPERATION), usage != null, model, client);
    }
    // No provider bills a call that it refused and of whose answer nothing is known.
    boolean refused = failure == CallFailure.REFUSED && !wasAnswered(draft);
    return usage == null && (billing == Billing.AGGREGATE || refused)
        ? Billing.NOT_BILLABLE
        : billing;
  }

  private static boolean wasAnswered(Draft draft) {
    String answered = draft.text(Slot.RESPONSE_MODEL);
    List<String> reasons = draft.get(Slot.FINISH_REASONS);
    return draft.has(Slot.RESPONSE_ID)
        || answered != null && !answered.equals(draft.text(Slot.REQUEST_MODEL))
        || reasons != null && !reasons.equals(List.of("error"))
        || draft.hasOutput();
  }
}
