package dev.tallyspan.collector.output.policy;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.wire.ContentSplicer;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.semconv.content.ContentMode;
import dev.tallyspan.semconv.content.ContentPolicy;
import dev.tallyspan.semconv.content.PolicyReport;

/**
 * Cuts the content of spans to the limits of a backend, where the configuration has no content
 * policy. Nothing else changes: a span within the limits, and one that cannot be read, leaves with
 * the bytes it came with. Thread-safe.
 */
public final class SizeLimitProcessor implements Processor {

  private static final ContentSplicer SPANS = ContentSplicer.ofSpanAttributes();

  private final SizeLimits limits;
  private final ContentPolicy policy;
  private final TraceBudgets budgets;
  private final PolicyListener listener;

  /**
   * @param listener receives what was cut, once per request with spans
   */
  public SizeLimitProcessor(SizeLimits limits, PolicyListener listener) {
    this.limits = limits;
    this.policy =
        ContentPolicy.builder()
            .mode(ContentMode.FULL)
            .maxAttributeBytes(limits.attributeBytes())
            .build();
    this.budgets = new TraceBudgets(limits.traceBytes(), limits.spanBytes());
    this.listener = requireNonNull(listener, "listener");
  }

  @Override
  public Batch apply(Batch batch) {
    OtlpRequest request = batch.request();
    long size = request.bytes().size();
    boolean counted = limits.traceBytes() > 0 || isOver(limits.spanBytes(), size);
    if (request.signal() != Signal.TRACES || !counted && !isOver(limits.attributeBytes(), size)) {
      return batch;
    }
    SizeLimitEditor editor =
        new SizeLimitEditor(policy, counted ? SizeLimits.LEAST : limits.attributeBytes(), budgets);
    try {
      Batch cut = batch.rewritten(SPANS.splice(request.bytes(), editor).bytes());
      PolicyReport report = editor.report();
      if (!report.isEmpty()) {
        listener.applied("", "", report);
      }
      return cut;
    } catch (MalformedRequestException e) {
      return batch;
    }
  }

  private static boolean isOver(long limit, long size) {
    return limit > 0 && size > limit;
  }
}
