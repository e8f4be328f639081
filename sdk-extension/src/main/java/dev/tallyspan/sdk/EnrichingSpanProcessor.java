package dev.tallyspan.sdk;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
// The only use of an internal type of the SDK: without onEnding, tokens are known only after the
// span has become read-only.
import io.opentelemetry.sdk.trace.internal.ExtendedSpanProcessor;

/**
 * Enriches every span between the application's {@code end()} and the exporters' {@code onEnd}. The
 * order of processors does not matter: the SDK calls {@code onEnding} of all processors before
 * {@code onEnd} of any.
 */
final class EnrichingSpanProcessor implements ExtendedSpanProcessor {

  private final SpanEnricher enricher;

  EnrichingSpanProcessor(SpanEnricher enricher) {
    this.enricher = enricher;
  }

  @Override
  public void onEnding(ReadWriteSpan span) {
    enricher.enrich(span);
  }

  @Override
  public boolean isOnEndingRequired() {
    return true;
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {}

  @Override
  public boolean isEndRequired() {
    return false;
  }

  @Override
  public String toString() {
    return "EnrichingSpanProcessor{}";
  }
}
