package dev.tallyspan.sdk;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
// The only use of an internal type of the SDK: without onEnding, tokens are known only after the
// span has become read-only.
import io.opentelemetry.sdk.trace.internal.ExtendedSpanProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Enriches every span between the application's {@code end()} and the exporters' {@code onEnd}. The
 * order of processors does not matter: the SDK calls {@code onEnding} of all processors before
 * {@code onEnd} of any.
 */
final class EnrichingSpanProcessor implements ExtendedSpanProcessor {

  private final @Nullable SpanEnricher enricher;
  private final @Nullable EndingPolicy policy;
  private final Runnable atShutdown;

  /**
   * @param enricher null = spans are not enriched, and only the policy is applied
   * @param policy applied to what the enricher wrote as well; null = none
   * @param atShutdown closes what the enricher uses
   */
  EnrichingSpanProcessor(
      @Nullable SpanEnricher enricher, @Nullable EndingPolicy policy, Runnable atShutdown) {
    this.enricher = enricher;
    this.policy = policy;
    this.atShutdown = atShutdown;
  }

  @Override
  public void onEnding(ReadWriteSpan span) {
    if (enricher != null) {
      enricher.ending(span);
    }
    if (policy != null) {
      policy.ending(span);
    }
  }

  @Override
  public boolean isOnEndingRequired() {
    return true;
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {
    if (enricher != null) {
      enricher.started(parent, span);
    }
  }

  @Override
  public boolean isStartRequired() {
    return enricher != null && enricher.isStartRequired();
  }

  @Override
  public void onEnd(ReadableSpan span) {}

  @Override
  public boolean isEndRequired() {
    return false;
  }

  /** Spans that end later are still enriched, with the prices in force. */
  @Override
  public CompletableResultCode shutdown() {
    atShutdown.run();
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public String toString() {
    return "EnrichingSpanProcessor{}";
  }
}
