package dev.tallyspan.sdk;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
// The one use of a type that the SDK calls internal: without onEnding, tokens are known only when
// the span can no longer be written to.
import io.opentelemetry.sdk.trace.internal.ExtendedSpanProcessor;

/**
 * Has every span enriched in the moment between the application's {@code end()} and the exporters'
 * {@code onEnd}. The position among other processors makes no difference: the SDK ends a span in
 * all of them before any may export it.
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
